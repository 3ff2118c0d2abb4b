package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What two looks at the same rows found. */
final class Findings {
    private Findings() {}

    /** What makes two findings one: what is observed may have gone on between two looks. */
    record Same(
            FindingType type,
            @Nullable AccountId account,
            @Nullable String cell,
            long sequence,
            @Nullable Key key) {
        static Same of(Finding finding) {
            return new Same(finding.type(), finding.account(), finding.cell(), finding.sequence(), finding.key());
        }
    }

    /** What both looks found, as the second one saw it. */
    static List<Finding> both(List<Finding> first, List<Finding> second) {
        Map<Same, Finding> again = new LinkedHashMap<>();
        second.forEach(finding -> again.put(Same.of(finding), finding));
        List<Finding> both = new ArrayList<>();
        for (Finding finding : first) {
            Finding seen = again.remove(Same.of(finding));
            if (seen != null) {
                both.add(seen);
            }
        }
        return both;
    }
}

package dev.counterfoil.testkit;

import dev.counterfoil.DecideFunction;
import dev.counterfoil.DecideView;
import dev.counterfoil.Decline;
import dev.counterfoil.Operation;
import dev.counterfoil.Proposal;
import dev.counterfoil.Update;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs a decide function twice, because a ledger may do so, and compares what it answers. */
final class Twice {
    private Twice() {}

    /** The answer of the second run. */
    static Proposal run(DecideFunction function, DecideView view) {
        Map<String, @Nullable Object> first = described(function.decide(view));
        Proposal second;
        try {
            second = function.decide(view);
        } catch (RuntimeException e) {
            throw new AssertionError("the decide function answered, and run again on the same view it threw", e);
        }
        List<String> different = different(first, described(second));
        if (!different.isEmpty()) {
            throw new AssertionError(
                    "the decide function is not pure: run again on the same view it answered otherwise: "
                            + String.join("; ", different));
        }
        return second;
    }

    private static Map<String, @Nullable Object> described(@Nullable Proposal proposal) {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        parts.put("answer", proposal == null ? null : proposal.getClass().getSimpleName());
        if (proposal instanceof Decline no) {
            parts.put("code", no.code());
            parts.put("message", no.message());
        } else if (proposal instanceof Update update) {
            parts.put("key", update.key());
            List<Operation> operations = update.operations();
            for (int i = 0; i < operations.size(); i++) {
                parts.put("operation " + i, operations.get(i));
            }
            parts.put("reference", update.reference());
            parts.put("reverses", update.reverses());
            parts.put("metadata", update.metadata());
            parts.put("effectiveAt", update.effectiveAt());
            parts.put("force", update.force());
            parts.put("balanced", update.balanced());
            parts.put("retryable", update.retryable());
        }
        return parts;
    }

    private static List<String> different(Map<String, @Nullable Object> first, Map<String, @Nullable Object> second) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(first);
        second.forEach(all::putIfAbsent);
        List<String> different = new ArrayList<>();
        for (String part : all.keySet()) {
            if (!Objects.equals(first.get(part), second.get(part))) {
                different.add(part + " was " + first.get(part) + " and is " + second.get(part));
            }
        }
        return different;
    }
}

package dev.counterfoil.examples.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.Ledger;
import dev.counterfoil.Verification;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Report report = new Report(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    private final Loss loss = new Loss(true, "all is lost");
    private static final Verification SOUND = new Verification(3, 3, 13, 14, 0, 0, List.of());

    private final Ending right = new Ending("all is there", List.of());

    @Test
    void aScenarioPassesWhenTheLibraryIsRightAndTheLossyWayLost() {
        report.ended(1, scenario(), loss, right, SOUND, 0.1);
        assertThat(report.end()).isTrue();
        assertThat(lines()).last().isEqualTo("scenarios: 1 passed, 0 failed");
    }

    @Test
    void aProblemOfTheLibraryIsAFailureThatIsPrinted() {
        report.ended(1, scenario(), loss, new Ending("", List.of("total: must be 2, is 3")), SOUND, 0.1);
        assertThat(report.end()).isFalse();
        assertThat(lines()).endsWith("1 A race:", "  - total: must be 2, is 3", "scenarios: 0 passed, 1 failed");
    }

    @Test
    void aLossyWayThatDoesNotLoseIsAFailure() {
        report.ended(1, scenario(), new Loss(false, "nothing lost"), right, SOUND, 0.1);
        assertThat(report.end()).isFalse();
        assertThat(lines()).last().isEqualTo("scenarios: 0 passed, 1 failed");
    }

    @Test
    void anExceptionIsAFailureWithItsCauses() {
        report.broke(2, scenario(), new IllegalStateException("outer", new IllegalArgumentException("inner")));
        assertThat(report.end()).isFalse();
        assertThat(lines())
                .endsWith(
                        "2 A race:",
                        "  - java.lang.IllegalStateException: outer",
                        "  - java.lang.IllegalArgumentException: inner",
                        "scenarios: 0 passed, 1 failed");
    }

    @Test
    void booksThatAreNotSoundAreAFailure() {
        AccountId account = AccountId.of("wallet", "42");
        Finding finding = new Finding(FindingType.CELL_DIFFERS, account, "available", 0, null, "1.00", "2.00");
        Verification unsound = new Verification(3, 3, 13, 14, 0, 1, List.of(finding));
        report.ended(1, scenario(), loss, right, unsound, 0.1);
        assertThat(report.end()).isFalse();
        assertThat(lines())
                .endsWith(
                        "the books of each, verified at its end:",
                        "  1 A race: 3 cells, 13 entries, 14 decisions: 1 finding",
                        "1 A race:",
                        "  - in the books: CELL_DIFFERS wallet/42:available",
                        "scenarios: 0 passed, 1 failed");
    }

    @Test
    void whatIsNotForAStoreIsSaidAndNotCounted() {
        report.ended(1, scenario(), loss, right, SOUND, 0.1);
        report.notRun(2, "A cut", "nothing", "not for this store");
        assertThat(report.end()).isTrue();
        assertThat(lines()).anyMatch(line -> line.contains("A cut") && line.contains("not for this store"));
        assertThat(lines()).last().isEqualTo("scenarios: 1 passed, 0 failed");
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static Scenario scenario() {
        return new Scenario() {
            @Override
            public String title() {
                return "A race";
            }

            @Override
            public String mustEndAs() {
                return "all of it";
            }

            @Override
            public Loss lossy(PlainTable table) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Ending library(Ledger ledger) {
                throw new UnsupportedOperationException();
            }
        };
    }
}

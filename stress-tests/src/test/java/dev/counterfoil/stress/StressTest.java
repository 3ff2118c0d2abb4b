package dev.counterfoil.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

/** Runs every race of this module: the library must never lose one, and its broken twin must be caught losing. */
class StressTest {
    private static final String ACTUAL = ".Actual";
    private static final String BROKEN = ".Broken";

    @Test
    void nothingForbiddenIsSeenOfTheLibraryAndEveryBrokenTwinIsCaught() throws Exception {
        JcstressRun actual = JcstressRun.of("actual", "^(?!.*\\.Broken$).*$");
        JcstressRun broken = JcstressRun.of("broken", "^.*\\.Broken$");
        print(actual.results());
        print(broken.results());

        assertThat(actual.exitCode())
                .as("exit code of jcstress for the library, see %s", actual.log())
                .isZero();
        assertThat(actual.results())
                .isNotEmpty()
                .allSatisfy(result -> assertThat(forbidden(result)).isZero());

        assertThat(broken.exitCode())
                .as("exit code of jcstress for the broken twins, see %s", broken.log())
                .isEqualTo(1);
        assertThat(broken.results())
                .allSatisfy(result ->
                        assertThat(forbidden(result)).as(result.getName()).isPositive());
        assertThat(hazards(broken.results(), BROKEN))
                .as("hazards with a broken twin")
                .isEqualTo(hazards(actual.results(), ACTUAL));
    }

    private static Set<String> hazards(Collection<TestResult> results, String suffix) {
        Set<String> hazards = new TreeSet<>();
        for (TestResult result : results) {
            assertThat(result.getName()).endsWith(suffix);
            hazards.add(result.getName().substring(0, result.getName().length() - suffix.length()));
        }
        return hazards;
    }

    private static long forbidden(TestResult result) {
        return result.grading().gradingResults.values().stream()
                .filter(graded -> graded.expect == Expect.FORBIDDEN)
                .mapToLong(graded -> graded.count)
                .sum();
    }

    private static void print(Collection<TestResult> results) {
        for (TestResult result : results) {
            System.out.printf(Locale.ROOT, "%s: %,d races%n", result.getName(), result.getTotalCount());
            for (GradingResult graded : result.grading().gradingResults.values()) {
                if (graded.count > 0) {
                    System.out.printf(
                            Locale.ROOT,
                            "  %-12s %,10d  %s: %s%n",
                            graded.id,
                            graded.count,
                            graded.expect,
                            graded.description);
                }
            }
        }
    }
}

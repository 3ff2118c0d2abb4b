package dev.counterfoil.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

/** Runs every race of this module: the library must never lose one, and its broken twin must be caught losing. */
class StressTest {
    private static final String ACTUAL = ".Actual";
    private static final String BROKEN = ".Broken";
    private static final int ROUNDS = 5;

    private final Set<String> caught = new TreeSet<>();

    @Test
    void nothingForbiddenIsSeenOfTheLibraryAndEveryBrokenTwinIsCaught() throws Exception {
        JcstressRun actual = JcstressRun.of("actual", JcstressRun.property("jcstress.mode"), "^(?!.*\\.Broken$).*$");
        print(actual.results());
        assertThat(actual.results()).isNotEmpty().allSatisfy(result -> {
            assertThat(result.status()).as(result.getName()).isEqualTo(Status.NORMAL);
            assertThat(count(result, Expect.FORBIDDEN))
                    .as("%s: forbidden", result.getName())
                    .isZero();
        });
        assertThat(actual.exitCode())
                .as("exit code of jcstress for the library, see %s", actual.log())
                .isZero();

        Set<String> twins = actual.results().stream()
                .map(result -> hazard(result, ACTUAL) + BROKEN)
                .collect(Collectors.toCollection(TreeSet::new));
        catchTwins(twins);
        assertThat(caught)
                .as("broken twins that were caught in %s rounds", ROUNDS)
                .isEqualTo(twins);
    }

    /** Whoever is not caught on a busy machine is given more time; the shortest mode is enough for the others. */
    private void catchTwins(Set<String> twins) throws Exception {
        Set<String> left = new HashSet<>(twins);
        String tests = "^.*\\.Broken$";
        for (int round = 1; round <= ROUNDS && !left.isEmpty(); round++) {
            JcstressRun broken = JcstressRun.of("broken-" + round, "sanity", tests);
            print(broken.results());
            for (TestResult result : broken.results()) {
                assertThat(result.status()).as(result.getName()).isEqualTo(Status.NORMAL);
                assertThat(count(result, Expect.ACCEPTABLE))
                        .as("%s: acceptable; a race that is always lost is none", result.getName())
                        .isPositive();
                if (count(result, Expect.FORBIDDEN) > 0) {
                    caught.add(hazard(result, BROKEN) + BROKEN);
                }
            }
            left.removeAll(caught);
            tests = left.stream().map(Pattern::quote).collect(Collectors.joining("|", "^(", ")$"));
        }
    }

    private static String hazard(TestResult result, String suffix) {
        assertThat(result.getName()).endsWith(suffix);
        return result.getName().substring(0, result.getName().length() - suffix.length());
    }

    private static long count(TestResult result, Expect expected) {
        return result.grading().gradingResults.values().stream()
                .filter(graded -> graded.expect == expected)
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

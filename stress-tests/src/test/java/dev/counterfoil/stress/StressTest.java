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
    private static final int SHORT = 100;

    private final Set<String> caught = new TreeSet<>();

    @Test
    void nothingForbiddenIsSeenOfTheLibraryAndEveryBrokenTwinIsCaught() throws Exception {
        JcstressRun actual =
                JcstressRun.of("actual", JcstressRun.property("jcstress.mode"), SHORT, "^(?!.*\\.Broken$).*$");
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

        Set<String> twins =
                actual.results().stream().map(StressTest::twin).collect(Collectors.toCollection(TreeSet::new));
        catchTwins(twins);
        assertThat(caught)
                .as("broken twins that were caught in %s rounds, and not lost every race", ROUNDS)
                .isEqualTo(twins);
    }

    /** Whoever is not caught on a busy machine is given more time; the shortest mode is enough for the others. */
    private void catchTwins(Set<String> twins) throws Exception {
        Set<String> left = new HashSet<>(twins);
        Set<String> right = new HashSet<>();
        Set<String> wrong = new HashSet<>();
        String tests = "^.*\\.Broken$";
        int millis = SHORT;
        for (int round = 1; round <= ROUNDS && !left.isEmpty(); round++) {
            JcstressRun broken = JcstressRun.of("broken-" + round, "sanity", millis, tests);
            print(broken.results());
            for (TestResult result : broken.results()) {
                assertThat(result.status()).as(result.getName()).isEqualTo(Status.NORMAL);
                // A race that is always lost is none.
                if (count(result, Expect.ACCEPTABLE) > 0) {
                    right.add(result.getName());
                }
                if (count(result, Expect.FORBIDDEN) > 0) {
                    wrong.add(result.getName());
                }
            }
            caught.addAll(right);
            caught.retainAll(wrong);
            left.removeAll(caught);
            millis *= 3;
            tests = left.stream().map(Pattern::quote).collect(Collectors.joining("|", "^(", ")$"));
        }
    }

    private static String twin(TestResult result) {
        String name = result.getName();
        assertThat(name).endsWith(ACTUAL);
        return name.substring(0, name.length() - ACTUAL.length()) + BROKEN;
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

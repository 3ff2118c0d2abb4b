package dev.counterfoil.benchmarks.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.rholder.retry.AttemptTimeLimiters;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The contenders do the same work. */
class ContenderTest {

    @ParameterizedTest
    @EnumSource
    void eachMakesTheSameAttemptsAndEndsAlike(Contender contender) throws Throwable {
        for (Situation situation : Situation.values()) {
            Operation operation = new Operation(situation);
            Contender.Call call = contender.guard().around(operation);
            for (int calls = 1; calls <= 5; calls++) {
                if (situation == Situation.EXHAUSTION) {
                    Throwable thrown = catchThrowable(call::run);
                    assertThat(thrown instanceof Operation.Unreachable ? thrown : thrown.getCause())
                            .isInstanceOf(Operation.Unreachable.class);
                } else {
                    assertThat(call.run()).isEqualTo(Operation.DONE);
                }
                assertThat(operation.made()).as("%s", situation).isEqualTo((long) calls * situation.attempts());
            }
        }
    }

    @Test
    void everyBenchmarkRuns() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(RetryBenchmark.class.getName())
                        .forks(0)
                        .threads(2)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .addProfiler(CpuTimeProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        assertThat(results).hasSize(Contender.values().length * Situation.values().length);
        assertThat(results)
                .allSatisfy(result -> assertThat(result.getSecondaryResults()
                                .get(CpuTimeProfiler.METRIC)
                                .getScore())
                        .isPositive());
    }

    @Test
    void guavaRetryingRunsOnTodaysGuavaButItsTimeLimitDoesNot() {
        assertThat(catchThrowable(() -> AttemptTimeLimiters.fixedTimeLimit(1, TimeUnit.SECONDS)))
                .isInstanceOf(LinkageError.class);
    }
}

package dev.counterfoil.benchmarks.retry;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One guarded call of an operation that does next to nothing: what the library adds is what is left when the figure of
 * {@link Contender#PLAIN} is taken off. Each contender has a JVM of its own, without any log.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m", "-XX:+UseParallelGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off"})
public class RetryBenchmark {

    /** Calls, and returns the result or what was thrown. */
    @Benchmark
    public Object call(Caller caller) {
        try {
            return caller.call.run();
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    /** What all threads share. */
    @State(Scope.Benchmark)
    @NullUnmarked
    public static class Library {
        /** The library. */
        @Param
        public Contender contender;

        /** What becomes of the attempts. */
        @Param
        public Situation situation;

        private Contender.Guard guard;

        /** Configures it. */
        @Setup
        public void configure() {
            guard = contender.guard();
        }
    }

    /** What each thread has: an operation of its own. */
    @State(Scope.Thread)
    @NullUnmarked
    public static class Caller {
        private Contender.Call call;

        /** Prepares the call. */
        @Setup
        public void prepare(Library library) {
            call = library.guard.around(new Operation(library.situation));
        }
    }
}

package dev.counterfoil.benchmarks.retry;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures how long a call keeps a processor busy, by the CPU time of the measuring threads: unlike the time on the wall it
 * does not grow while other programs have the processor.
 */
public final class CpuTimeProfiler implements InternalProfiler {
    static final String METRIC = "cpu.norm";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Map<Long, Long> before = Map.of();

    /** For the harness. */
    public CpuTimeProfiler() {}

    @Override
    public String getDescription() {
        return "CPU time per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = cpuNanos();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        long operations = result.getMetadata().getAllOps();
        long nanos = 0;
        for (Map.Entry<Long, Long> thread : cpuNanos().entrySet()) {
            nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return List.of(new ScalarResult(METRIC, (double) nanos / operations, "ns/op", AggregationPolicy.AVG));
    }

    private Map<Long, Long> cpuNanos() {
        Map<Long, Long> nanos = new HashMap<>();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().contains("jmh-worker")) {
                nanos.put(id, Math.max(0, threads.getThreadCpuTime(id)));
            }
        }
        return nanos;
    }
}

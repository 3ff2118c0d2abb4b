package dev.counterfoil.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What one round of one subject gave.
 *
 * @param answers how many came within the measured time
 * @param seconds the measured time
 * @param latencies of what was sent within that time, in nanoseconds
 * @param used processor time of the measured time
 * @param isVoid true if a call failed or a caller was lost
 */
public record Slot(long answers, double seconds, Histogram latencies, Processors used, boolean isVoid) {
    /** Answers in a second: applied, refused and repeated alike. */
    public double rate() {
        return answers / seconds;
    }

    /** True if at least one call that was sent within the measured time got its answer, and one answer came within it. */
    public boolean hasAnswers() {
        return answers > 0 && latencies.getTotalCount() > 0;
    }

    /** A percentile of the latencies, in milliseconds. */
    public double millis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    /** The mean of the latencies, in milliseconds. */
    public double meanMillis() {
        return latencies.getMean() / 1e6;
    }

    /** What an answer cost the process that the callers are in, in microseconds of processor. */
    public double clientMicros() {
        return used.client() / 1e3 / answers;
    }

    /** What an answer cost all else on the machine, in microseconds of processor; not a number where that is not known. */
    public double restMicros() {
        return used.rest() / 1e3 / answers;
    }
}

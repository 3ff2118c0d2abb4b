package dev.counterfoil.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure beside the same figure of a peer.
 *
 * @param suite what was measured
 * @param name under which conditions
 * @param at the number that is varied in the suite's chart: callers, entries, processes
 * @param subject who
 * @param metric which figure: throughput, mean, p50, p99, p99.9, processor time of the client or of all else
 * @param value the middle of the rounds
 * @param unit of the value
 * @param peer the best one that was written by hand, or what else the subject is compared with
 * @param peerValue the peer's figure
 * @param ratio value to peerValue
 * @param spread the lowest and the highest round
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Row(
        String suite,
        @JsonProperty("case") String name,
        double at,
        String subject,
        String metric,
        double value,
        String unit,
        @Nullable String peer,
        @Nullable Double peerValue,
        @Nullable Double ratio,
        @Nullable List<Double> spread) {
    /** A figure without a peer. */
    public static Row of(
            String suite,
            String name,
            double at,
            String subject,
            String metric,
            double value,
            String unit,
            @Nullable List<Double> spread) {
        return new Row(suite, name, at, subject, metric, value, unit, null, null, null, spread);
    }

    /** The same beside a peer's. */
    public Row beside(String peerName, double peerFigure) {
        return new Row(suite, name, at, subject, metric, value, unit, peerName, peerFigure, value / peerFigure, spread);
    }
}

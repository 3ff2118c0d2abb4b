package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.report.Results;
import dev.counterfoil.benchmarks.report.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What one contender did in one case.
 *
 * @param contender who
 * @param slots its rounds
 * @param tally what its callers were told
 * @param conflicts how often work was done again because of others
 * @param isVoid true if its figures must not be used
 */
record Measured(Contender contender, List<Slot> slots, Tally tally, long conflicts, boolean isVoid) {
    /** A figure of a round, and where more of it is better. */
    private record Figure(String metric, String unit, ToDoubleFunction<Slot> of) {
        boolean moreIsBetter() {
            return unit.endsWith("/s");
        }
    }

    private static final List<Figure> FIGURES = List.of(
            new Figure("throughput", "transfers/s", Slot::rate),
            new Figure("mean", "ms", Slot::meanMillis),
            new Figure("p50", "ms", slot -> slot.millis(50)),
            new Figure("p99", "ms", slot -> slot.millis(99)),
            new Figure("p99.9", "ms", slot -> slot.millis(99.9)),
            new Figure("processor, client", "µs/transfer", Slot::clientMicros),
            new Figure("processor, all else", "µs/transfer", Slot::restMicros));

    /** Answers in a second. */
    double rate() {
        return middle(Slot::rate);
    }

    private double middle(ToDoubleFunction<Slot> figure) {
        return middle(slots.stream().map(figure::applyAsDouble).toList());
    }

    /** The middle of some numbers. */
    static double middle(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int size = sorted.size();
        return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }

    /** The lowest and the highest. */
    static List<Double> spread(List<Double> values) {
        return List.of(
                values.stream().min(Comparator.naturalOrder()).orElseThrow(),
                values.stream().max(Comparator.naturalOrder()).orElseThrow());
    }

    /** The lower and the upper quartile. */
    static List<Double> quartiles(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return List.of(sorted.get(sorted.size() / 4), sorted.get(sorted.size() - 1 - sorted.size() / 4));
    }

    /** The fastest of those written by hand whose books are right. */
    static Optional<Measured> bestByHand(List<Measured> all) {
        return best(all.stream().filter(one -> !one.isVoid()).toList(), FIGURES.get(0));
    }

    /** Adds all figures of a case, each beside the best that was written by hand. */
    static void report(Results results, String suite, String name, double at, List<Measured> all) {
        report(results, suite, name, at, all, FIGURES);
    }

    /** The same without the throughput, where that was given. */
    static void reportLatencies(Results results, String suite, String name, double at, List<Measured> all) {
        report(results, suite, name, at, all, FIGURES.subList(1, FIGURES.size()));
    }

    private static void report(
            Results results, String suite, String name, double at, List<Measured> all, List<Figure> figures) {
        List<Measured> valid = all.stream().filter(one -> !one.isVoid()).toList();
        for (Figure figure : figures) {
            // Who had not a single answer in a round has neither a latency nor a cost.
            List<Measured> some = valid.stream()
                    .filter(one -> figure.moreIsBetter() || one.slots().stream().allMatch(Slot::hasAnswers))
                    .toList();
            Optional<Measured> peer = best(some, figure);
            for (Measured one : some) {
                Row row = one.row(suite, name, at, figure);
                if (Double.isNaN(row.value())) {
                    // Not known on this system.
                    continue;
                }
                double peers = peer.map(best -> best.middle(figure.of())).orElse(0.0);
                results.add(
                        peers == 0 || one.contender().equals(peer.get().contender())
                                ? row
                                : row.beside(peer.get().contender().name(), peers));
            }
        }
        for (Measured one : valid) {
            if (one.conflicts() > 0) {
                results.note(suite + ", " + name + ", " + one.contender().name() + ": " + one.conflicts()
                        + " deadlocks or conflicts, done again, for "
                        + one.tally().applied() + " applied");
            }
        }
    }

    private static Optional<Measured> best(List<Measured> all, Figure figure) {
        Comparator<Measured> byValue = Comparator.comparingDouble(one -> one.middle(figure.of()));
        List<Measured> byHand = new ArrayList<>(all);
        byHand.removeIf(one -> !one.contender().byHand());
        return byHand.stream().max(figure.moreIsBetter() ? byValue : byValue.reversed());
    }

    private Row row(String suite, String name, double at, Figure figure) {
        List<Double> rounds = slots.stream().map(figure.of()::applyAsDouble).toList();
        return Row.of(
                suite, name, at, contender.name(), figure.metric(), middle(rounds), figure.unit(), spread(rounds));
    }
}

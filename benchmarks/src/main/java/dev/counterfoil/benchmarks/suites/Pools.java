package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.Place;
import dev.counterfoil.benchmarks.report.Results;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The size of each contender's pool that was the best in a short trial under the load of the case. */
final class Pools {
    private final Map<String, Integer> sizes = new LinkedHashMap<>();

    /** Tries them all; the first size is tried twice, because the first time pays for compiling. */
    static Pools calibrated(
            String name,
            Ground.Maker grounds,
            List<Contender> contenders,
            Load load,
            Plan plan,
            Progress progress,
            Results results)
            throws Exception {
        Pools pools = new Pools();
        for (Contender contender : contenders) {
            trial(grounds, contender, plan.poolSizes().get(0), load, plan.calibration());
            StringBuilder line = new StringBuilder();
            double best = 0;
            for (int size : plan.poolSizes()) {
                double rate = trial(grounds, contender, size, load, plan.calibration());
                line.append(String.format(Locale.ROOT, "%s%d: %,.0f/s", line.isEmpty() ? "" : ", ", size, rate));
                if (rate > best) {
                    best = rate;
                    pools.sizes.put(contender.name(), size);
                }
            }
            progress.line("pool sizes, " + name + ", " + contender.name() + ": " + line);
        }
        results.note("connections, the best in a trial, " + name + ": " + pools.sizes);
        return pools;
    }

    private static double trial(Ground.Maker grounds, Contender contender, int size, Load load, Duration time)
            throws Exception {
        int accounts = load.draw().accounts();
        try (Ground ground = grounds.make();
                Subject subject = contender.opener().open(new Place(ground.place(contender.name()), accounts, size))) {
            Slot slot = load.lasting(time.dividedBy(2), time).run(subject, new Tally(accounts));
            return slot.isVoid() ? 0 : slot.rate();
        }
    }

    int of(Contender contender) {
        return Objects.requireNonNullElse(sizes.get(contender.name()), 8);
    }
}

package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The size of each contender's pool that was the best in a short trial under the load of the case. */
final class Pools {
    private static final int UNTRIED = 8;

    private final Map<String, Integer> sizes = new LinkedHashMap<>();

    /** Tries them all, when their code is compiled. */
    static Pools calibrated(String name, Ground.Maker grounds, List<Contender> contenders, Load load, Run run)
            throws Exception {
        Pools pools = new Pools();
        for (Contender contender : contenders) {
            compile(grounds, contender, load, run);
            StringBuilder line = new StringBuilder();
            double best = 0;
            for (int size : run.plan().poolSizes()) {
                double rate = trial(grounds, contender, size, load, run.plan());
                line.append(String.format(Locale.ROOT, "%s%d: %,.0f/s", line.isEmpty() ? "" : ", ", size, rate));
                if (rate > best) {
                    best = rate;
                    pools.sizes.put(contender.name(), size);
                }
            }
            run.progress().line("connections, " + name + ", " + contender.name() + ": " + line);
        }
        String chosen = pools.sizes.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue())
                .collect(Collectors.joining("; "));
        run.results().note("Connections, the best in a trial, " + name + ": " + chosen + ".");
        return pools;
    }

    private static void compile(Ground.Maker grounds, Contender contender, Load load, Run run) throws Exception {
        int accounts = load.draw().accounts();
        try (Ground ground = grounds.make();
                Subject subject =
                        contender.opener().open(new Place(ground.place(contender.name()), accounts, UNTRIED))) {
            run.compile(contender, subject, load, new Tally(accounts));
        }
    }

    private static double trial(Ground.Maker grounds, Contender contender, int size, Load load, Plan plan)
            throws Exception {
        int accounts = load.draw().accounts();
        try (Ground ground = grounds.make();
                Subject subject = contender.opener().open(new Place(ground.place(contender.name()), accounts, size))) {
            Slot slot = load.lasting(plan.calibration().dividedBy(2), plan.calibration())
                    .run(subject, new Tally(accounts));
            return slot.isVoid() ? 0 : slot.rate();
        }
    }

    int of(Contender contender) {
        return Objects.requireNonNullElse(sizes.get(contender.name()), UNTRIED);
    }
}

package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.Place;
import dev.counterfoil.benchmarks.report.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** One case: all contenders in turn in each round, so that what else the machine does meets all alike. */
final class Comparison {
    private final String suite;
    private final String name;
    private final Progress progress;
    private final List<Running> running = new ArrayList<>();

    /** A contender with its books open. */
    private static final class Running {
        final Contender contender;
        final Subject subject;
        final Tally tally;
        final List<Slot> slots = new ArrayList<>();
        long conflicts;

        Running(Contender contender, Subject subject, int accounts) {
            this.contender = contender;
            this.subject = subject;
            this.tally = new Tally(accounts);
        }
    }

    Comparison(String suite, String name, Progress progress) {
        this.suite = suite;
        this.name = name;
        this.progress = progress;
    }

    /** What each contender did. */
    List<Measured> run(
            Ground.Maker grounds,
            List<Contender> contenders,
            ToIntFunction<Contender> connections,
            Load load,
            int rounds,
            Results results)
            throws Exception {
        int accounts = load.draw().accounts();
        try (Ground ground = grounds.make()) {
            try {
                for (Contender contender : contenders) {
                    Place place =
                            new Place(ground.place(contender.name()), accounts, connections.applyAsInt(contender));
                    running.add(new Running(contender, contender.opener().open(place), accounts));
                }
                for (int round = 0; round < rounds; round++) {
                    for (int i = 0; i < running.size(); i++) {
                        slot(running.get((i + round) % running.size()), load, round);
                    }
                }
                return audit(results);
            } finally {
                for (Running one : running) {
                    one.subject.close();
                }
            }
        }
    }

    private void slot(Running one, Load load, int round) throws InterruptedException {
        if (!one.tally.faults().isEmpty()) {
            return;
        }
        long conflicts = one.subject.conflicts();
        Slot slot = load.run(one.subject, one.tally);
        one.conflicts += one.subject.conflicts() - conflicts;
        one.slots.add(slot);
        progress.line(String.format(
                Locale.ROOT,
                "%s, %s, round %d, %s: %,.0f/s, p50 %.2f ms, p99 %.2f ms%s",
                suite,
                name,
                round + 1,
                one.contender.name(),
                slot.rate(),
                slot.millis(50),
                slot.millis(99),
                slot.isVoid() ? ", VOID: " + one.tally.faults().get(0) : ""));
    }

    private List<Measured> audit(Results results) throws Exception {
        List<Measured> all = new ArrayList<>();
        for (Running one : running) {
            List<String> faults =
                    one.tally.faults().isEmpty() ? one.tally.audit(one.subject.standing()) : one.tally.faults();
            for (String fault : faults) {
                results.fault(suite + ", " + name + ", " + one.contender.name() + ": " + fault);
            }
            all.add(new Measured(one.contender, one.slots, one.tally, one.conflicts, !faults.isEmpty()));
        }
        return all;
    }
}

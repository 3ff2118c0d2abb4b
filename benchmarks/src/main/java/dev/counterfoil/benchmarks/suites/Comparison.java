package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** One case: all contenders in turn in each round, so that what else the machine does meets all alike. */
final class Comparison {
    private final String suite;
    private final String name;
    private final Run run;
    private final List<Running> running = new ArrayList<>();

    /** A contender with its books open. */
    private static final class Running {
        final Contender contender;
        final Subject subject;
        final Load load;
        final Tally tally;
        final List<Slot> slots = new ArrayList<>();

        Running(Contender contender, Subject subject, Load load) {
            this.contender = contender;
            this.subject = subject;
            this.load = load;
            this.tally = new Tally(load.draw().accounts());
        }
    }

    Comparison(String suite, String name, Run run) {
        this.suite = suite;
        this.name = name;
        this.run = run;
    }

    /** What each contender did under the same load. */
    List<Measured> run(
            Ground.Maker grounds, List<Contender> contenders, ToIntFunction<Contender> connections, Load load)
            throws Exception {
        return run(grounds, contenders, connections, unused -> load);
    }

    /** What each contender did, each under a load of its own. */
    List<Measured> run(
            Ground.Maker grounds,
            List<Contender> contenders,
            ToIntFunction<Contender> connections,
            Function<Contender, Load> loads)
            throws Exception {
        try (Ground ground = grounds.make()) {
            try {
                for (Contender contender : contenders) {
                    Load load = loads.apply(contender);
                    Place place = new Place(
                            ground.place(contender.name()), load.draw().accounts(), connections.applyAsInt(contender));
                    running.add(new Running(contender, contender.opener().open(place), load));
                }
                for (Running one : running) {
                    run.compile(one.contender, one.subject, one.load, one.tally);
                }
                for (int round = 0; round < run.plan().rounds(); round++) {
                    for (int i = 0; i < running.size(); i++) {
                        slot(running.get((i + round) % running.size()), round);
                    }
                }
                return audit();
            } finally {
                for (Running one : running) {
                    one.subject.close();
                }
            }
        }
    }

    private void slot(Running one, int round) throws InterruptedException {
        if (!one.tally.faults().isEmpty()) {
            return;
        }
        Slot slot = one.load.run(one.subject, one.tally);
        one.slots.add(slot);
        run.progress()
                .line(String.format(
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

    private List<Measured> audit() throws Exception {
        List<Measured> all = new ArrayList<>();
        for (Running one : running) {
            List<String> faults =
                    one.tally.faults().isEmpty() ? one.tally.audit(one.subject.standing()) : one.tally.faults();
            String who = suite + ", " + name + ", " + one.contender.name() + ": ";
            if (one.contender.role() != Contender.Role.WARNING) {
                faults.forEach(fault -> run.results().fault(who + fault));
            } else if (!faults.isEmpty()) {
                run.results().note(who + "no figures; " + faults.get(0));
            }
            all.add(new Measured(one.contender, one.slots, one.tally, one.subject.conflicts(), !faults.isEmpty()));
        }
        return all;
    }
}

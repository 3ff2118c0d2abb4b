package dev.counterfoil.stress.faults;

import dev.counterfoil.stress.history.Verdict;
import java.io.IOException;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** A case in rounds: each has a database of its own, a load, faults, and a verdict. */
abstract class FaultCase implements StressCase {
    private final String name;
    private final Callers callers;
    private final int faultsPerRound;

    /** Makes the databases of a run. */
    interface Starter {
        Databases start() throws IOException, InterruptedException, SQLException;
    }

    FaultCase(String name, int processes, int faultsPerRound) {
        this(name, Callers.in(processes), faultsPerRound);
    }

    FaultCase(String name, Callers callers, int faultsPerRound) {
        this.name = name;
        this.callers = callers;
        this.faultsPerRound = faultsPerRound;
    }

    @Override
    public String name() {
        return name;
    }

    /** The databases of a run. */
    abstract Databases databases() throws IOException, InterruptedException, SQLException;

    /** Lets the load go on for a while, and does one thing to it. Afterwards all is as before. */
    abstract void fault(Databases databases, Round round, SplittableRandom random)
            throws IOException, InterruptedException, SQLException;

    /** How many faults a round has met, which are those that were asked for unless a case counts otherwise. */
    long met(Databases databases, int asked) {
        return asked;
    }

    @Override
    public Result run(Size size, long seed) throws Exception {
        int faults = Integer.getInteger(
                "counterfoil.stress.faults", size == Size.SMALL ? faultsPerRound : 3 * faultsPerRound);
        Result result = Result.none(name);
        SplittableRandom random = new SplittableRandom(seed);
        try (Databases databases = databases()) {
            for (int left = faults; left > 0; left -= faultsPerRound) {
                result = round(databases, result, Math.min(left, faultsPerRound), random);
            }
        }
        return result;
    }

    private Result round(Databases databases, Result before, int faults, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        Result result = before;
        try (Round round = new Round(databases, "books_" + before.runs(), callers, random.nextLong())) {
            for (int i = 0; i < faults; i++) {
                fault(databases, round, random);
            }
            round.awaitCalls(10_000);
            Verdict verdict = round.verdict();
            long met = met(databases, faults);
            result = result.plus(met, verdict);
            for (String trouble : round.troubles()) {
                result = result.plus(trouble);
            }
            boolean wrong = result.wrong().size() > before.wrong().size();
            if (wrong) {
                result = result.plus("the histories are in " + round.directory());
            } else {
                round.forget();
            }
            System.out.printf(
                    "%s, load %d: %,d calls, %,d faults, %,d acknowledged, unknown: %d applied, %d not; %d findings%n",
                    name,
                    result.runs(),
                    verdict.calls(),
                    met,
                    verdict.acknowledged(),
                    verdict.unknownApplied(),
                    verdict.unknownNotApplied(),
                    verdict.findings().size());
        }
        return result;
    }
}

package dev.counterfoil.stress.faults;

import dev.counterfoil.stress.history.Commits;
import dev.counterfoil.stress.history.Verdict;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A case in rounds: each has a database of its own, a load, faults, and a verdict. Half of the faults meet callers who share
 * commits, the other half callers who do not.
 */
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
    public List<Result> run(Size size, long seed) throws Exception {
        int faults = Integer.getInteger(
                "counterfoil.stress.faults", size == Size.SMALL ? faultsPerRound : 3 * faultsPerRound);
        SplittableRandom random = new SplittableRandom(seed);
        List<Result> results = new ArrayList<>();
        try (Databases databases = databases()) {
            for (Commits commits : Commits.values()) {
                Result result = Result.none(name + ", " + commits);
                for (int left = (faults + 1) / 2; left > 0; left -= faultsPerRound) {
                    result = round(databases, commits, result, Math.min(left, faultsPerRound), random);
                }
                results.add(result);
            }
        }
        return results;
    }

    private Result round(Databases databases, Commits commits, Result before, int faults, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        Result result = before;
        String database = commits.toString().replace(' ', '_') + "_" + before.runs();
        try (Round round = new Round(databases, database, callers.with(commits), random.nextLong())) {
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
                    result.test(),
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

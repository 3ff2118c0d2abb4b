package dev.counterfoil.stress.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the cases of this package. Arguments: SMALL or FULL, and the beginnings of the names of some cases, all if none is
 * given. The seed is set with {@code -Dcounterfoil.stress.seed}, the number of faults of a case with
 * {@code -Dcounterfoil.stress.faults}.
 */
public final class FaultRuns {
    private FaultRuns() {}

    /** All cases. */
    public static List<StressCase> cases() {
        List<StressCase> cases = new ArrayList<>();
        cases.add(new ClientKills("PostgreSQL, clients killed", 5, PostgresVictim::durable));
        cases.add(new ServerKills("PostgreSQL, server killed", PostgresVictim::durable));
        // Else nobody would know whether a loss would be seen.
        cases.add(new Control(
                new ServerKills("PostgreSQL with synchronous_commit=off, server killed", PostgresVictim::forgetful)));
        cases.add(new ClientKills("SQLite, processes killed", 3, SqliteFiles::new));
        if (MariaDbVictim.runsHere()) {
            cases.add(new ClientKills("MariaDB, clients killed", 5, MariaDbVictim::new));
            cases.add(new ServerKills("MariaDB, server killed", MariaDbVictim::new));
        }
        String missing = GaleraPrograms.missing();
        if (missing.isEmpty()) {
            cases.add(new GaleraFaults("Galera, written through one node, nodes lost", false));
            cases.add(new GaleraFaults("Galera, written through all nodes, nodes lost", true));
        } else {
            System.out.println(missing);
        }
        return cases;
    }

    /** Runs them, and prints what came of it. */
    public static void main(String[] args) throws Exception {
        StressCase.Size size = StressCase.Size.valueOf(args.length == 0 ? "SMALL" : args[0]);
        List<String> names = List.of(args).subList(Math.min(1, args.length), args.length);
        long seed = Long.getLong("counterfoil.stress.seed", System.nanoTime());
        System.out.println("run again with -Dcounterfoil.stress.seed=" + seed);
        boolean passed = true;
        for (StressCase one : cases()) {
            if (names.isEmpty() || names.stream().anyMatch(one.name()::startsWith)) {
                Result result = one.run(size, seed);
                print(result);
                passed &= result.passed();
            }
        }
        System.exit(passed ? 0 : 1);
    }

    private static void print(Result result) {
        System.out.printf(
                Locale.ROOT,
                "%s: %s, %d loads, %,d faults, %,d acknowledged, %d lost, %d doubled, unknown: %,d applied, %,d not%n",
                result.test(),
                (result.passed() ? "passed" : "FAILED") + (result.control() ? " (a control: it must lose)" : ""),
                result.runs(),
                result.faults(),
                result.acknowledged(),
                result.lost(),
                result.doubled(),
                result.unknownApplied(),
                result.unknownNotApplied());
        long shown = result.control() ? 3 : 20;
        result.wrong().stream().limit(shown).forEach(wrong -> System.out.println("  " + wrong));
    }
}

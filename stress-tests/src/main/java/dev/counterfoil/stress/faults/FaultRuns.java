package dev.counterfoil.stress.faults;

import dev.counterfoil.testkit.FlakyLink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Runs the cases of this package, and sums up what they and the tests of this module found. Arguments: {@code small} or
 * {@code long}, the directory of the reports of the tests, and the beginnings of the names of some cases, all if none is given.
 * The seed is set with {@code -Dcounterfoil.stress.seed}, the number of faults of a case with
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
        cases.add(new Failovers("PostgreSQL, synchronous standby promoted", true));
        cases.add(new Control(new Failovers("PostgreSQL, asynchronous standby promoted", false)));
        cases.add(new CancelledWaits());
        addTroubles(cases, "PostgreSQL", PostgresVictim::durable, FlakyLink::toPostgres);
        if (MariaDbVictim.runsHere()) {
            cases.add(new ClientKills("MariaDB, clients killed", 5, MariaDbVictim::new));
            cases.add(new ServerKills("MariaDB, server killed", MariaDbVictim::new));
            addTroubles(cases, "MariaDB", MariaDbVictim::new, FlakyLink::toMariaDb);
        }
        String missing = GaleraPrograms.missing();
        if (missing.isEmpty()) {
            cases.add(new GaleraFaults("Galera, written through one node, nodes lost", false));
            cases.add(new GaleraFaults("Galera, written through all nodes, nodes lost", true));
        } else {
            System.out.println(missing);
        }
        addRightsNeeding(cases);
        return cases;
    }

    private static void addTroubles(
            List<StressCase> cases,
            String name,
            FaultCase.Starter server,
            BiFunction<String, Integer, FlakyLink> links) {
        cases.add(new LinkCuts(name + ", link cut", () -> new LinkedDatabases(server.start(), links)));
        cases.add(new CrowdedPools(name + ", pool exhausted", server));
        cases.add(new BadOrders(name + ", locks in bad orders", server));
    }

    private static void addRightsNeeding(List<StressCase> cases) {
        if (SmallDisk.canBeHad()) {
            cases.add(new FullDisks("PostgreSQL, disk full"));
        } else {
            System.out.println("PostgreSQL, disk full: skipped: needs the right to mount");
        }
        if (ClockJumps.runsHere()) {
            cases.add(new ClockJumps("PostgreSQL, clock jumps"));
        } else {
            System.out.println("PostgreSQL, clock jumps: skipped: needs libfaketime");
        }
    }

    /** A case that breaks off has failed, and the others are run all the same. */
    private static List<Result> run(StressCase one, StressCase.Size size, long seed) throws InterruptedException {
        try {
            return one.run(size, seed);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            e.printStackTrace();
            return List.of(Result.none(one.name()).plus("broke off: " + e));
        }
    }

    /** Runs them, and prints what came of it. */
    public static void main(String[] args) throws Exception {
        StressCase.Size size = args[0].equals("long") ? StressCase.Size.FULL : StressCase.Size.SMALL;
        List<String> names = List.of(args).subList(2, args.length);
        long seed = Long.getLong("counterfoil.stress.seed", System.nanoTime());
        System.out.println("again with the same seed: -Dcounterfoil.stress.seed=" + seed);
        List<Result> results = new ArrayList<>();
        for (StressCase one : cases()) {
            if (names.isEmpty() || names.stream().anyMatch(one.name()::startsWith)) {
                results.addAll(run(one, size, seed));
            }
        }
        System.exit(Summary.print(results, TestReport.readAll(Path.of(args[1]))) == 0 ? 0 : 1);
    }
}

package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.Place;
import dev.counterfoil.benchmarks.report.Row;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One, two and five processes on one database, each with its own callers; and one with as many callers as five have. */
final class ProcessSuite {
    private static final String SUITE = "PostgreSQL, several processes";
    private static final int ACCOUNTS = 1_000;
    private static final int CONNECTIONS = 4;
    private static final Team ONE = new Team(1, 50);
    private static final Team LARGE = new Team(1, 250);
    private static final List<Team> TEAMS = List.of(ONE, new Team(2, 50), new Team(5, 50), LARGE);

    /** So many processes with so many callers each. */
    private record Team(int processes, int callers) {
        @Override
        public String toString() {
            return processes
                    + (processes == 1 ? " process, " : " processes, ")
                    + callers
                    + (processes == 1 ? " callers" : " callers each");
        }
    }

    private final PostgresServer server;
    private final Run run;

    ProcessSuite(PostgresServer server, Run run) {
        this.server = server;
        this.run = run;
    }

    void run() throws Exception {
        Map<Team, List<Double>> rates = new LinkedHashMap<>();
        Map<Team, List<Writer>> teams = new LinkedHashMap<>();
        try (Ground ground = new PostgresGround(server)) {
            Place place = new Place(ground.place("ledger"), ACCOUNTS, 2);
            try (LedgerSubject ledger = LedgerSubject.onPostgres(place, true)) {
                Tally tally = new Tally(ACCOUNTS);
                for (Team team : TEAMS) {
                    teams.put(team, start(place, team));
                }
                for (int round = 0; round < run.plan().rounds(); round++) {
                    for (Team team : TEAMS) {
                        double rate = together(Objects.requireNonNull(teams.get(team)), tally);
                        rates.computeIfAbsent(team, unused -> new ArrayList<>()).add(rate);
                        run.progress()
                                .line(String.format(
                                        Locale.ROOT, "%s, round %d, %s: %,.0f/s", SUITE, round + 1, team, rate));
                    }
                }
                List<String> faults = tally.audit(ledger.standing());
                faults.forEach(fault -> run.results().fault(SUITE + ": " + fault));
                if (faults.isEmpty()) {
                    report(rates);
                }
            } finally {
                teams.values().forEach(team -> team.forEach(Writer::end));
            }
        }
    }

    /** Processes that live through all rounds; each team has compiled its code before it is measured. */
    private List<Writer> start(Place place, Team team) throws IOException {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < team.processes(); i++) {
            Place part = new Place(place.url(), ACCOUNTS, CONNECTIONS);
            writers.add(new Writer(part, team.callers(), run.plan()));
        }
        for (Writer writer : writers) {
            writer.awaitReady();
        }
        return writers;
    }

    private static double together(List<Writer> writers, Tally tally) throws IOException {
        for (Writer writer : writers) {
            writer.go();
        }
        double rate = 0;
        for (Writer writer : writers) {
            rate += writer.report(tally);
        }
        return rate;
    }

    private void report(Map<Team, List<Double>> rates) {
        double one = Measured.middle(Objects.requireNonNull(rates.get(ONE)));
        rates.forEach((team, all) -> {
            Row row = Row.of(
                    SUITE,
                    team.equals(LARGE)
                            ? "1,000 accounts, Zipf, in one process"
                            : "1,000 accounts, Zipf, 50 callers in each process",
                    team.processes(),
                    subject(team),
                    "throughput",
                    Measured.middle(all),
                    "transfers/s",
                    Measured.spread(all));
            run.results().add(team.equals(ONE) ? row : row.beside(subject(ONE), one));
        });
    }

    private static String subject(Team team) {
        return "Counterfoil, " + team;
    }
}

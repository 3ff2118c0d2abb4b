package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.Place;
import dev.counterfoil.benchmarks.report.Row;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One, two and five processes on one database, with the same number of callers and connections in all. */
final class ProcessSuite {
    private static final String SUITE = "PostgreSQL, several processes";
    private static final int ACCOUNTS = 1_000;
    private static final int CALLERS = 250;
    private static final int CONNECTIONS = 10;
    private static final List<Integer> PROCESSES = List.of(1, 2, 5);

    private final PostgresServer server;
    private final Run run;

    ProcessSuite(PostgresServer server, Run run) {
        this.server = server;
        this.run = run;
    }

    void run() throws Exception {
        Map<Integer, List<Double>> rates = new LinkedHashMap<>();
        Map<Integer, List<Writer>> teams = new LinkedHashMap<>();
        try (Ground ground = new PostgresGround(server)) {
            Place place = new Place(ground.place("ledger"), ACCOUNTS, 2);
            try (LedgerSubject ledger = LedgerSubject.onPostgres(place, true)) {
                Tally tally = new Tally(ACCOUNTS);
                for (int processes : PROCESSES) {
                    teams.put(processes, team(place, processes));
                }
                for (int round = 0; round < run.plan().rounds(); round++) {
                    for (int processes : PROCESSES) {
                        double rate = together(Objects.requireNonNull(teams.get(processes)), tally);
                        rates.computeIfAbsent(processes, unused -> new ArrayList<>())
                                .add(rate);
                        run.progress()
                                .line(String.format(
                                        Locale.ROOT, "%s, round %d, %d: %,.0f/s", SUITE, round + 1, processes, rate));
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
    private List<Writer> team(Place place, int processes) throws IOException {
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            Place part = new Place(place.url(), ACCOUNTS, CONNECTIONS / processes);
            // Their compilers share the machine.
            Duration compiling = run.plan().compiling().multipliedBy(processes);
            writers.add(new Writer(part, CALLERS / processes, run.plan(), compiling));
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

    private void report(Map<Integer, List<Double>> rates) {
        double one = Measured.middle(Objects.requireNonNull(rates.get(1)));
        rates.forEach((processes, all) -> {
            Row row = Row.of(
                    SUITE,
                    "1,000 accounts, Zipf, " + Run.callers(CALLERS) + " in all",
                    processes,
                    processes == 1 ? "Counterfoil, 1 process" : "Counterfoil, " + processes + " processes",
                    "throughput",
                    Measured.middle(all),
                    "transfers/s",
                    Measured.spread(all));
            run.results().add(processes == 1 ? row : row.beside("Counterfoil, 1 process", one));
        });
    }
}

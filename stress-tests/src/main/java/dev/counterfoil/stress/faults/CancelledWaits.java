package dev.counterfoil.stress.faults;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.stress.history.Commits;
import dev.counterfoil.stress.history.OpenLedger;
import dev.counterfoil.stress.history.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The standby is gone, commits wait for it, and somebody cancels these waits again and again; then the primary dies too, and the
 * standby comes back and is promoted, without what was committed meanwhile. Nobody may have been told that it is applied. Beside
 * it a plain caller commits as most do, without a look at warnings: he was told so, and it is lost.
 */
final class CancelledWaits implements StressCase {
    private static final String DATABASE = "books";
    private static final int CALLERS = 3;
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(2);

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public String name() {
        return "PostgreSQL, waits for the standby cancelled";
    }

    @Override
    public List<Result> run(Size size, long seed) throws Exception {
        int runs = Integer.getInteger("counterfoil.stress.faults", size == Size.SMALL ? 2 : 6);
        SplittableRandom random = new SplittableRandom(seed);
        List<Result> results = new ArrayList<>();
        try (PostgresPair pair = PostgresPair.start(true)) {
            for (Commits commits : Commits.values()) {
                results.add(run(pair, commits, (runs + 1) / 2, random));
            }
        }
        return results;
    }

    private Result run(PostgresPair pair, Commits commits, int runs, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        Result result = Result.none(name() + ", " + commits);
        int plainLost = 0;
        String url = pair.create(DATABASE);
        try (OpenLedger hasty = OpenLedger.of(url, CALLERS, SHORT, commits);
                OpenLedger patient = OpenLedger.of(url, CALLERS, LONG, commits)) {
            plain(url, "CREATE TABLE paid (run int)");
            for (int run = 0; run < runs; run++) {
                Cycle cycle = new Cycle(pair, url, hasty.ledger(), patient.ledger(), run);
                result = cycle.run(result, random);
                plainLost += cycle.plainLost ? 1 : 0;
                pair.renewStandby();
            }
        }
        System.out.printf(
                "%s: of %d rows that the plain caller was told of, %d were lost%n", result.test(), runs, plainLost);
        return plainLost == runs ? result : result.plus("a plain commit was not lost: this proves nothing");
    }

    private static void plain(String url, String... sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String one : sql) {
                    statement.execute(one);
                }
            }
            connection.commit();
        }
    }

    private static BalanceId cents(String caller) {
        return AccountId.of("caller", caller).balance("cents", Unit.of("CENT", 0));
    }

    /** One run: from a sound pair to a standby that was promoted. */
    private final class Cycle {
        private final PostgresPair pair;
        private final String url;
        private final JdbcLedger hasty;
        private final JdbcLedger patient;
        private final int run;
        private final List<String> wrong = new ArrayList<>();
        private boolean plainLost;
        private int unknown;

        Cycle(PostgresPair pair, String url, JdbcLedger hasty, JdbcLedger patient, int run) {
            this.pair = pair;
            this.url = url;
            this.hasty = hasty;
            this.patient = patient;
            this.run = run;
        }

        private Stream<String> names(String kind) {
            return Stream.iterate(0, i -> i < CALLERS, i -> i + 1).map(i -> kind + "-" + run + "-" + i);
        }

        private List<CompletableFuture<Outcome>> apply(JdbcLedger ledger, String kind) {
            return names(kind)
                    .map(name -> CompletableFuture.supplyAsync(() -> apply(ledger, kind, name), threads))
                    .toList();
        }

        private Outcome apply(JdbcLedger ledger, String kind, String name) {
            return ledger.apply(Update.of(kind + name).add(cents(name), 1).build());
        }

        Result run(Result before, SplittableRandom random) throws IOException, InterruptedException, SQLException {
            Stream.of("hasty", "patient")
                    .flatMap(this::names)
                    .forEach(name -> patient.apply(Update.of("open" + name)
                                    .open(cents(name), 0, Limits.none())
                                    .build())
                            .orThrow());
            pair.standby().kill();
            List<CompletableFuture<Outcome>> waiting = apply(patient, "patient");
            List<CompletableFuture<Outcome>> hastened = apply(hasty, "hasty");
            CompletableFuture<Boolean> plain = CompletableFuture.supplyAsync(this::plainCommits, threads);
            int cancelled = cancelUntilDone(hastened, waiting, plain, random);
            told(waiting, hastened);
            if (!plain.join()) {
                wrong.add("the plain commit was no success");
            }
            pair.primary().kill();
            pair.standby().start();
            pair.promote();
            return verdict(before, cancelled, waiting);
        }

        private boolean plainCommits() {
            try {
                plain(url, "INSERT INTO paid VALUES (" + run + ")");
                return true;
            } catch (SQLException e) {
                return false;
            }
        }

        private int cancelUntilDone(
                List<CompletableFuture<Outcome>> calls,
                List<CompletableFuture<Outcome>> waiting,
                CompletableFuture<Boolean> plain,
                SplittableRandom random)
                throws SQLException, InterruptedException {
            int cancelled = 0;
            // The calls that have time left are to meet cancelled waits too, and to go on waiting.
            while (!plain.isDone()
                    || !calls.stream().allMatch(CompletableFuture::isDone)
                    || (cancelled <= 4 * CALLERS && !waiting.stream().allMatch(CompletableFuture::isDone))) {
                cancelled += Integer.parseInt(
                        pair.primary()
                                .one(
                                        "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));
                Thread.sleep(random.nextInt(200));
            }
            return cancelled;
        }

        private void told(List<CompletableFuture<Outcome>> waiting, List<CompletableFuture<Outcome>> hastened)
                throws SQLException {
            waiting.stream()
                    .filter(CompletableFuture::isDone)
                    .forEach(call -> wrong.add("answered, and no standby has it: " + answer(call)));
            List<String> names = names("hasty").toList();
            for (int i = 0; i < names.size(); i++) {
                Object answer = answer(hastened.get(i));
                unknown += answer instanceof OutcomeUnknownException ? 1 : 0;
                // Its turn may not have come in time, since commits that wait keep connections and threads.
                boolean waited = answer instanceof NotAppliedException && !isOnPrimary("hasty" + names.get(i));
                if (!(answer instanceof OutcomeUnknownException) && !waited) {
                    wrong.add("not unknown: " + answer);
                }
            }
            if (unknown == 0) {
                wrong.add("nobody was told that it is unknown: this proves nothing");
            }
        }

        private boolean isOnPrimary(String key) throws SQLException {
            return pair.primary()
                    .one(DATABASE, "SELECT count(*) > 0 FROM counterfoil_decision WHERE key = '" + key + "'")
                    .equals("t");
        }

        private Object answer(CompletableFuture<Outcome> call) {
            try {
                return call.join();
            } catch (CompletionException e) {
                return Objects.requireNonNullElse(e.getCause(), e);
            }
        }

        private Result verdict(Result before, int cancelled, List<CompletableFuture<Outcome>> waiting)
                throws SQLException {
            plainLost = pair.primary()
                    .one(DATABASE, "SELECT count(*) FROM paid WHERE run = " + run)
                    .equals("0");
            waiting.forEach(call -> call.join().orThrow());
            long there = names("hasty")
                    .filter(name -> patient.find("hasty" + name).isPresent())
                    .count();
            names("hasty").forEach(name -> apply(patient, "hasty", name).orThrow());
            long lost = 0;
            long doubled = 0;
            for (String name : Stream.concat(names("hasty"), names("patient")).toList()) {
                int count =
                        patient.read(cents(name).account()).balance(cents(name)).compareTo(BigDecimal.ONE);
                lost += count < 0 ? 1 : 0;
                doubled += count > 0 ? 1 : 0;
            }
            if (lost + doubled > 0) {
                wrong.add("run " + run + ": " + lost + " lost, " + doubled + " doubled");
            }
            Verdict verdict = new Verdict(2L * CALLERS, CALLERS, lost, doubled, there, unknown - there, List.of());
            Result result = before.plus(cancelled, verdict);
            for (String trouble : wrong) {
                result = result.plus(trouble);
            }
            return result;
        }
    }
}

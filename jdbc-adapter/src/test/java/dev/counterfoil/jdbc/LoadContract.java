package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Decision;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * High load: 64 callers, who share commits or do not, random transfers between 100 accounts, one in twenty of them sent twice.
 * How many, how often and from which seed is set with {@code -Dcounterfoil.load.transfers=20000 -Dcounterfoil.load.runs=10
 * -Dcounterfoil.load.seed=…}.
 */
abstract class LoadContract {
    private static final int TRANSFERS = Integer.getInteger("counterfoil.load.transfers", 1_000);
    private static final int RUNS = Integer.getInteger("counterfoil.load.runs", 1);
    private static final int CALLERS = 64;
    private static final int ACCOUNTS = 100;

    private final String test = getClass().getSimpleName();

    /** The server, which other tests use too. */
    abstract TestServer server();

    /** What else the server itself has to say of the load on one database. */
    void checkServer(PlainSql sql, String database) throws SQLException {}

    @ParameterizedTest(name = "commits shared: {0}")
    @ValueSource(booleans = {true, false})
    void noErrorReachesACallerUnderHighLoadAndTheTotalIsConserved(boolean shared) throws Exception {
        long first = Long.getLong("counterfoil.load.seed", System.nanoTime());
        for (int run = 0; run < RUNS; run++) {
            new Run(first + run, shared).run();
        }
    }

    /** One database, one load. */
    private final class Run {
        private final long seed;
        private final boolean shared;
        private final TestServer server = server();
        private final String database = server.newDatabase();
        private final List<Update> sends;
        private final Map<String, String> answers = new ConcurrentHashMap<>();
        private final Queue<Object> wrong = new ConcurrentLinkedQueue<>();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger decided = new AtomicInteger();
        private final AtomicInteger replayed = new AtomicInteger();
        private final AtomicInteger deadlocks = new AtomicInteger();
        private final AtomicInteger passed = new AtomicInteger();

        /** Counts the attempts that passed by somebody else's lock, because it did not come in time. */
        private final Between count = new Between() {
            @Override
            void before(String sql) {
                passed.addAndGet(sql.contains("SKIP LOCKED") ? 1 : 0);
            }

            @Override
            void failed(String sql, SQLException failure) {
                deadlocks.addAndGet(List.of("40P01", "40001").contains(failure.getSQLState()) ? 1 : 0);
            }
        };

        Run(long seed, boolean shared) {
            this.seed = seed;
            this.shared = shared;
            this.sends = plan(new SplittableRandom(seed));
        }

        /** Behind every twenty transfers, one of them again: mostly, the first is under way still. */
        private List<Update> plan(SplittableRandom random) {
            List<Update> sends = new ArrayList<>();
            for (int i = 1; i <= TRANSFERS; i++) {
                int from = random.nextInt(ACCOUNTS);
                int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
                BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(50_000), 2);
                sends.add(Update.of("transfer-" + i)
                        .transfer(balance(from), balance(to), amount)
                        .build());
                if (i % 20 == 0) {
                    sends.add(sends.get(sends.size() - 1 - random.nextInt(20)));
                }
            }
            return sends;
        }

        private BalanceId balance(int account) {
            return AccountId.of("load", Integer.toString(account)).balance("cash", Till.SAR);
        }

        void run() throws Exception {
            System.out.println(test + " seed " + seed);
            long start;
            long nanos;
            try (HikariDataSource pool = server.pool(database, 10);
                    JdbcLedger ledger = JdbcLedger.builder(count.on(pool))
                            .createSchema()
                            .timeout(Duration.ofSeconds(60))
                            .groupCommit(shared)
                            .build()) {
                Update.Builder opening = Update.of("open");
                for (int account = 0; account < ACCOUNTS; account++) {
                    opening.open(balance(account), "1000.00", Limits.nonNegative());
                }
                Till.apply(ledger, opening.build());
                start = System.nanoTime();
                call(ledger);
                nanos = System.nanoTime() - start;
            }
            long refused = check();
            System.out.printf(
                    Locale.ROOT,
                    "%s seed %d, commits %s: %d answers in %.1f s, %d decided (%d of them short of money), %d replayed, %d locks not waited for to the end, %d deadlocks tried again%n",
                    test,
                    seed,
                    shared ? "shared" : "of their own",
                    sends.size(),
                    nanos / 1e9,
                    decided.get(),
                    refused,
                    replayed.get(),
                    passed.get(),
                    deadlocks.get());
        }

        private void call(Ledger ledger) throws InterruptedException {
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                Thread caller = new Thread(() -> {
                    for (int n = next.getAndIncrement(); n < sends.size(); n = next.getAndIncrement()) {
                        send(ledger, sends.get(n));
                    }
                });
                callers.add(caller);
                caller.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }

        private void send(Ledger ledger, Update update) {
            try {
                Outcome outcome = ledger.apply(update);
                if (outcome instanceof Rejected no && no.reason() != Reason.BELOW_MINIMUM) {
                    wrong.add(no);
                }
                Decision decision = (Decision) outcome;
                (decision.replayed() ? replayed : decided).incrementAndGet();
                String answer = decision.toString().replace("replayed=true", "replayed=false");
                String other = answers.putIfAbsent(update.key().value(), answer);
                if (other != null && !other.equals(answer)) {
                    wrong.add(other + " and " + answer);
                }
            } catch (RuntimeException e) {
                wrong.add(e);
            }
        }

        /** How many were refused. */
        private long check() throws SQLException {
            assertThat(wrong).as("seed %d", seed).isEmpty();
            assertThat(answers).hasSize(TRANSFERS);
            assertThat(decided).hasValue(TRANSFERS);
            assertThat(replayed).hasValue(TRANSFERS / 20);
            server.awaitNoClients(database);
            try (PlainSql sql = server.sql(database)) {
                assertThat(Audit.total(sql)).isEqualByComparingTo(new BigDecimal("100000.00"));
                assertThat(sql.rows("SELECT amount FROM counterfoil_cell WHERE amount < 0"))
                        .isEmpty();
                assertThat(sql.count("SELECT count(*) FROM counterfoil_decision"))
                        .isEqualTo(TRANSFERS + 1L);
                checkServer(sql, database);
                return sql.count("SELECT count(*) FROM counterfoil_decision WHERE outcome <> 'APPLIED'");
            }
        }
    }
}

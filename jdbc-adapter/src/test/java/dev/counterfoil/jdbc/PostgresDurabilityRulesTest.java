package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rule 7: a replay is not less durable than the original. The server must have a standby's word before a commit counts, and
 * the standby is missing: so every commit waits, as it would behind a slow disk, and the test says for how long.
 */
@Timeout(120)
class PostgresDurabilityRulesTest {
    /** What a commit waits in until a standby has it. */
    private static final String STANDBY = "SyncRep";

    private static final Duration SHORT = Duration.ofSeconds(1);

    private static PostgresServer server;

    private final Callers callers = new Callers();
    private PostgresBooks books;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.another();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void demandAStandby() throws Exception {
        books = new PostgresBooks(server);
        setStandby("'missing'");
        AtomicInteger probes = new AtomicInteger();
        Callers.until("a commit that waits for the standby", () -> {
            try (PlainSql probe = new PlainSql(books.plain())) {
                String pid = probe.one("SELECT pg_backend_pid()");
                Future<?> commit = callers.call(() -> {
                    probe.run("CREATE TABLE probe_" + probes.incrementAndGet() + " ()");
                    return null;
                });
                boolean[] waits = new boolean[1];
                Callers.until("the end of the probe", () -> {
                    waits[0] = books.sql()
                            .one("SELECT count(*) FROM pg_stat_activity WHERE wait_event = ?", STANDBY)
                            .equals("1");
                    return waits[0] || commit.isDone();
                });
                books.sql().one("SELECT pg_cancel_backend(?)", Integer.valueOf(pid));
                Callers.get(commit);
                return waits[0];
            }
        });
    }

    @AfterEach
    void demandNothing() throws Exception {
        letCommitsThrough();
        callers.close();
        books.close();
    }

    private void letCommitsThrough() throws SQLException {
        setStandby("''");
    }

    private void setStandby(String names) throws SQLException {
        books.sql().run("ALTER SYSTEM SET synchronous_standby_names = " + names, "SELECT pg_reload_conf()");
    }

    /** Makes the commit return that waits for the standby: it is there, but not as safe as was asked for. */
    private void cancelTheWait() throws Exception {
        books.awaitWaiting(STANDBY, 1);
        String waiting = "FROM pg_stat_activity WHERE wait_event = ?";
        String pid = books.sql().one("SELECT pid " + waiting, STANDBY);
        books.sql().one("SELECT pg_cancel_backend(?)", Integer.valueOf(pid));
        Callers.until(
                "the end of the wait",
                () -> !books.sql().rows("SELECT pid " + waiting, STANDBY).contains(pid));
    }

    private long decisionsOf(String key) throws SQLException {
        return books.sql().count("SELECT count(*) FROM counterfoil_decision WHERE key = ?", key);
    }

    /** The plain read could answer nothing too early here: PostgreSQL shows a commit to others when its wait is over. */
    @Test
    void aReplayIsNotAnsweredBeforeTheOriginalIsDurable() throws Exception {
        AtomicInteger askedAgain = new AtomicInteger();
        Between counting = new Between() {
            @Override
            void before(String sql) {
                if (sql.contains("SKIP LOCKED")) {
                    askedAgain.incrementAndGet();
                }
            }
        };
        try (JdbcLedger one = books.ledger();
                JdbcLedger two = books.ledger(counting)) {
            Future<Applied> original = callers.call(() -> Till.apply(one, Till.cent("c-1")));
            books.awaitWaiting(STANDBY, 1);
            Future<Applied> replay = callers.call(() -> Till.apply(two, Till.cent("c-1")));
            Callers.until("a replay that was told twice to wait", () -> askedAgain.get() >= 2);
            assertThat(decisionsOf("c-1")).as("what a plain read sees").isZero();
            assertThat(original.isDone()).isFalse();
            assertThat(replay.isDone()).isFalse();

            letCommitsThrough();
            assertThat(Callers.get(original).replayed()).isFalse();
            assertThat(Callers.get(replay).replayed()).isTrue();
            assertThat(Callers.get(replay).receipt())
                    .isEqualTo(Callers.get(original).receipt());
        }
        books.assertSound();
    }

    /** Seen by all, and on no standby: a fail-over would take it back. */
    @Test
    void aReplayOfWhatAllCanSeeButNoStandbyHasWaitsAsTheOriginalDid() throws Exception {
        Rewritten unlocked = new Rewritten(" FOR NO KEY UPDATE OF c", "");
        try (JdbcLedger ledger = books.ledger();
                JdbcLedger careless = books.ledger(unlocked)) {
            Future<Applied> call = callers.call(() -> Till.apply(ledger, Till.cent("c-1")));
            cancelTheWait();
            // It does not know, so it asks again.
            books.awaitWaiting(STANDBY, 1);
            assertThat(decisionsOf("c-1")).as("what a plain read sees").isEqualTo(1);
            assertThat(Till.apply(careless, Till.cent("c-1")).replayed())
                    .as("without the row locks it answers what may be lost")
                    .isTrue();
            assertThat(unlocked.used()).isTrue();
            assertThat(call.isDone()).isFalse();
            letCommitsThrough();
            assertThat(Callers.get(call).replayed()).isTrue();
        }
        books.assertSound();
    }

    @Test
    void aReplayThatFindsNoCellToLockWaitsToo() throws Exception {
        BalanceId missing = AccountId.of("drawer", "none").balance("cash", Till.SAR);
        Update noCell = Update.of("c-1").take(missing, "1.00").build();
        try (JdbcLedger ledger = books.ledger()) {
            Future<Outcome> refused = callers.call(() -> ledger.apply(noCell));
            cancelTheWait();
            books.awaitWaiting(STANDBY, 1);
            assertThat(decisionsOf("c-1")).as("what a plain read sees").isEqualTo(1);
            Future<Outcome> decided = callers.call(
                    () -> ledger.decide("c-1", "take", List.of(missing), now -> now.decline("NEVER", "not asked")));
            books.awaitWaiting(STANDBY, 2);
            letCommitsThrough();
            assertThat(((Rejected) Callers.get(refused)).replayed()).isTrue();
            assertThat(Callers.get(decided)).isInstanceOf(KeyReused.class);
        }
    }

    @Test
    void aCancelledWaitIsUnknownAndItsReplayGivesTheAnswerOnceItIsSafe() throws Exception {
        try (JdbcLedger ledger = books.ledger(SHORT)) {
            long start = System.nanoTime();
            Future<Outcome> original = callers.call(() -> ledger.apply(Till.cent("c-1")));
            cancelTheWait();
            assertThatThrownBy(() -> Callers.get(original)).isInstanceOf(OutcomeUnknownException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(10));
            letCommitsThrough();
            Applied replay = Till.apply(ledger, Till.cent("c-1"));
            assertThat(replay.replayed()).isTrue();
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
        }
        books.assertSound();
    }

    /** What the driver tells who does not look at warnings: the commit returned, so all is well. */
    @Test
    void toWhoDoesNotReadWarningsACancelledWaitLooksLikeACommit() throws Exception {
        try (Connection plain = books.plain().getConnection();
                Statement statement = plain.createStatement()) {
            plain.setAutoCommit(false);
            statement.execute("CREATE TABLE paid (key text)");
            Future<?> commit = callers.call(() -> {
                plain.commit();
                return null;
            });
            cancelTheWait();
            Callers.get(commit);
            assertThat(plain.getWarnings().getSQLState()).isEqualTo("01000");
        }
    }

    @Test
    void aCommitThatWaitsForEverEndsAtTheTimeOfTheCall() throws Exception {
        try (JdbcLedger ledger = books.ledger(SHORT)) {
            Future<Outcome> call = callers.call(() -> ledger.apply(Till.cent("c-1")));
            assertThatThrownBy(() -> Callers.get(call)).isInstanceOf(OutcomeUnknownException.class);
            books.awaitWaiting(STANDBY, 1);
            letCommitsThrough();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        }
        books.assertSound();
    }
}

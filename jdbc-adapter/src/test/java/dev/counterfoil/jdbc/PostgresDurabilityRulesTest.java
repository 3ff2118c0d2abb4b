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

    private static final Duration SHORT = Duration.ofMillis(500);

    private static PostgresServer server;
    private static PostgresTill books;

    private final Calls callers = new Calls();

    @BeforeAll
    static void startServer() throws SQLException {
        server = PostgresServer.start();
        books = new PostgresTill(server, server.newDatabase());
    }

    @AfterAll
    static void stopServer() throws SQLException {
        books.close();
        server.close();
    }

    @BeforeEach
    void demandAStandby() throws Exception {
        setStandby("'missing'");
        // The server takes notice a moment later.
        Calls.until("a commit that waits for the standby", () -> {
            try (PlainSql probe = new PlainSql(books.connect())) {
                String pid = probe.one("SELECT pg_backend_pid()");
                Future<?> commit = callers.call(() -> {
                    probe.run("SELECT pg_logical_emit_message(true, 'probe', '')");
                    return null;
                });
                Calls.until("the end of the probe", () -> waiting().contains(pid) || commit.isDone());
                boolean waits = !commit.isDone();
                books.sql().one("SELECT pg_cancel_backend(?)", Integer.valueOf(pid));
                Calls.get(commit);
                return waits;
            }
        });
    }

    @AfterEach
    void demandNothing() throws SQLException {
        letCommitsThrough();
        callers.close();
        books.closePools();
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
        String pid = waiting().get(0);
        books.sql().one("SELECT pg_cancel_backend(?)", Integer.valueOf(pid));
        Calls.until("the end of the wait", () -> !waiting().contains(pid));
    }

    private List<String> waiting() throws SQLException {
        return books.sql().rows("SELECT pid" + PostgresTill.OTHERS + " AND wait_event = ?", STANDBY);
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
            Future<Applied> original = callers.call(() -> Till.apply(one, Till.cent("slow")));
            books.awaitWaiting(STANDBY, 1);
            Future<Applied> replay = callers.call(() -> Till.apply(two, Till.cent("slow")));
            Calls.until("a replay that was told twice to wait", () -> askedAgain.get() >= 2);
            assertThat(decisionsOf("slow")).as("what a plain read sees").isZero();
            assertThat(original.isDone()).isFalse();
            assertThat(replay.isDone()).isFalse();

            letCommitsThrough();
            assertThat(Calls.get(original).replayed()).isFalse();
            assertThat(Calls.get(replay).replayed()).isTrue();
            assertThat(Calls.get(replay).receipt())
                    .isEqualTo(Calls.get(original).receipt());
        }
        books.assertSound();
    }

    /** Seen by all, and on no standby: a fail-over would take it back. */
    @Test
    void aReplayOfWhatAllCanSeeButNoStandbyHasWaitsAsTheOriginalDid() throws Exception {
        Rewritten unlocked = new Rewritten(" FOR NO KEY UPDATE OF c", "");
        try (JdbcLedger ledger = books.ledger();
                JdbcLedger careless = books.ledger(unlocked)) {
            Future<Applied> call = callers.call(() -> Till.apply(ledger, Till.cent("seen")));
            cancelTheWait();
            // It does not know, so it asks again.
            books.awaitWaiting(STANDBY, 1);
            assertThat(decisionsOf("seen")).as("what a plain read sees").isEqualTo(1);
            assertThat(Till.apply(careless, Till.cent("seen")).replayed())
                    .as("without the row locks it answers what may be lost")
                    .isTrue();
            assertThat(unlocked.used()).isTrue();
            assertThat(call.isDone()).isFalse();
            letCommitsThrough();
            assertThat(Calls.get(call).replayed()).isTrue();
        }
        books.assertSound();
    }

    @Test
    void aReplayThatFindsNoCellToLockWaitsToo() throws Exception {
        BalanceId missing = AccountId.of("drawer", "none").balance("cash", Till.SAR);
        Update noCell = Update.of("no-cell").take(missing, "1.00").build();
        try (JdbcLedger ledger = books.ledger();
                JdbcLedger other = books.ledger()) {
            Future<Outcome> refused = callers.call(() -> ledger.apply(noCell));
            cancelTheWait();
            books.awaitWaiting(STANDBY, 1);
            assertThat(decisionsOf("no-cell")).as("what a plain read sees").isEqualTo(1);
            Future<Outcome> decided = callers.call(
                    () -> other.decide("no-cell", "take", List.of(missing), now -> now.decline("NEVER", "not asked")));
            books.awaitWaiting(STANDBY, 2);
            letCommitsThrough();
            assertThat(((Rejected) Calls.get(refused)).replayed()).isTrue();
            assertThat(Calls.get(decided)).isInstanceOf(KeyReused.class);
        }
    }

    @Test
    void aCancelledWaitIsUnknownAndItsReplayGivesTheAnswerOnceItIsSafe() throws Exception {
        try (JdbcLedger ledger = books.ledger(SHORT)) {
            long start = System.nanoTime();
            Future<Outcome> original = callers.call(() -> ledger.apply(Till.cent("cancelled")));
            cancelTheWait();
            assertThatThrownBy(() -> Calls.get(original)).isInstanceOf(OutcomeUnknownException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(20));
            letCommitsThrough();
            Applied replay = Till.apply(ledger, Till.cent("cancelled"));
            assertThat(replay.replayed()).isTrue();
        }
        books.assertSound();
    }

    /** What the driver tells who does not look at warnings: the commit returned, so all is well. */
    @Test
    void toWhoDoesNotReadWarningsACancelledWaitLooksLikeACommit() throws Exception {
        try (Connection plain = books.connect();
                Statement statement = plain.createStatement()) {
            plain.setAutoCommit(false);
            statement.execute("CREATE TABLE paid (key text)");
            Future<?> commit = callers.call(() -> {
                plain.commit();
                return null;
            });
            cancelTheWait();
            Calls.get(commit);
            assertThat(plain.getWarnings().getSQLState()).isEqualTo("01000");
        }
    }

    @Test
    void aCommitThatWaitsForEverEndsAtTheTimeOfTheCall() throws Exception {
        try (JdbcLedger ledger = books.ledger(SHORT)) {
            Future<Outcome> call = callers.call(() -> ledger.apply(Till.cent("for-ever")));
            assertThatThrownBy(() -> Calls.get(call)).isInstanceOf(OutcomeUnknownException.class);
            books.awaitWaiting(STANDBY, 1);
            letCommitsThrough();
            assertThat(Till.apply(ledger, Till.cent("for-ever")).replayed()).isTrue();
        }
        books.assertSound();
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 8: a vanished client keeps its locks, until the time-out of the idle transaction frees them. */
@Timeout(60)
class PostgresWaitingRulesTest {
    private static final String LOCK = " FOR NO KEY UPDATE";
    private static final String IDLE_TIMEOUT = "set_config('idle_in_transaction_session_timeout', ?, true)";

    /** Longer than an idle transaction keeps its locks. */
    private static final Duration LONGER = Duration.ofSeconds(7);

    private final Calls callers = new Calls();

    @AfterEach
    void endCallers() {
        callers.close();
    }

    /** A client that takes its locks and says no more, and another one that needs them. */
    private final class Vanished implements AutoCloseable {
        private final PostgresTill books = new PostgresTill();
        private final StopAt stop = StopAt.answerTo(LOCK);
        private final JdbcLedger client;
        private final JdbcLedger other;
        private final Future<Applied> silent;
        private final Future<Applied> waiting;

        Vanished(Duration patienceOfTheOther, Between... between) throws Exception {
            Between first = between.length == 0 ? new Between() {} : between[0];
            client = books.ledger(stop, first);
            other = books.ledger(patienceOfTheOther);
            silent = callers.call(() -> Till.apply(client, Till.cent("silent")));
            stop.awaitReached();
            waiting = callers.call(() -> Till.apply(other, Till.cent("waiting")));
        }

        /** The client goes on as if nothing had been. */
        Applied wake() throws Exception {
            stop.letGo();
            return Calls.get(silent);
        }

        @Override
        public void close() throws SQLException {
            stop.close();
            client.close();
            other.close();
            books.close();
        }
    }

    @Test
    void theLocksOfAVanishedClientAreFreeAfterAFewSecondsOfSilence() throws Exception {
        Rewritten forEver = new Rewritten(IDLE_TIMEOUT, IDLE_TIMEOUT.replace("?", "left(?, 0) || '0'"));
        try (Vanished kept = new Vanished(LONGER, forEver);
                Vanished freed = new Vanished(Duration.ofSeconds(30))) {
            assertThat(Calls.get(freed.waiting).replayed()).isFalse();
            assertThat(freed.silent.isDone()).isFalse();
            assertThatThrownBy(() -> Calls.get(kept.waiting))
                    .as("without the time-out")
                    .isInstanceOf(NotAppliedException.class);
            assertThat(forEver.used()).isTrue();

            // When it wakes, its transaction is gone; it learns that, and does it all again.
            assertThat(freed.wake().replayed()).isFalse();
            assertThat(freed.stop.comers()).isEqualTo(2);
            assertThat(Till.cash(freed.other, 0)).isEqualByComparingTo("99.98");
            freed.books.assertSound();
            assertThat(kept.wake().replayed()).isFalse();
            assertThat(kept.stop.comers()).isEqualTo(1);
            assertThat(Till.cash(kept.other, 0)).isEqualByComparingTo("99.99");
        }
    }

    /** Rule 11 beside it: an open view of the past slows hot rows, whoever holds it. */
    @Test
    void aReaderWhoVanishesBehindHisAnswerHasNoViewOpen() throws Exception {
        try (PostgresTill books = new PostgresTill();
                StopAt answered = StopAt.answerTo("counterfoil_cell");
                Connection twin = books.pool(1).getConnection();
                JdbcLedger ledger = books.ledger(answered)) {
            String views = "SELECT count(*)" + PostgresTill.OTHERS + " AND backend_xmin IS NOT NULL";
            Future<?> read = callers.call(() -> Till.cash(ledger, 0));
            answered.awaitReached();
            // The transaction ended in the server, in the same round trip.
            assertThat(books.sql().count(views)).isZero();
            twin.setAutoCommit(false);
            twin.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            new PlainSql(twin).count("SELECT count(*) FROM counterfoil_cell");
            assertThat(books.sql().count(views))
                    .as("who commits in a statement of its own")
                    .isEqualTo(1);
            answered.letGo();
            Calls.get(read);
            twin.rollback();
        }
    }

    @Test
    void aPooledConnectionGoesBackWithTheSettingsThatItCameWith() throws Exception {
        try (PostgresTill books = new PostgresTill();
                HikariDataSource pool = books.pool(1)) {
            String before = settings(pool);
            useForEverything(pool);
            assertThat(settings(pool)).isEqualTo(before);

            Rewritten forTheSession = new Rewritten("?, true)", "?, false)");
            useForEverything(forTheSession.on(pool));
            assertThat(settings(pool)).as("set for the session").isNotEqualTo(before);
            assertThat(forTheSession.used()).isTrue();
        }
    }

    private static void useForEverything(DataSource pool) {
        try (JdbcLedger ledger = JdbcLedger.builder(pool).build()) {
            ledger.apply(Till.cent("c-1"));
            ledger.apply(Till.cent("c-1"));
            ledger.apply(Update.of("c-2").take(Till.drawer(0), "1000.00").build());
            ledger.applyEach(List.of(Till.cent("c-3"), Till.cent("c-4")));
            ledger.decide("c-5", "pay", List.of(Till.drawer(0)), now -> now.decline("NO", "not today"));
            ledger.read(Till.drawer(0).account());
            ledger.history(Till.drawer(0), PageRequest.first(2));
            ledger.find("c-1");
        }
    }

    /** Of the session that the pool of one has, and that session's number. */
    private static String settings(DataSource pool) throws SQLException {
        try (PlainSql sql = new PlainSql(pool.getConnection())) {
            Connection connection = sql.connection();
            return sql.rows("SELECT pg_backend_pid()::text UNION ALL SELECT name || ' = ' || setting FROM pg_settings"
                            + " WHERE name ~ '_timeout$|^transaction_|^default_transaction_|^synchronous_commit$'")
                    + ", " + connection.getAutoCommit() + ", " + connection.getNetworkTimeout();
        }
    }

    /** Such as a migration: it lets go of the tables when it is done, which may be much later. */
    @Test
    void whoWaitsForAStrangerWhoLockedTheTablesEndsAtTheTimeOfTheCall() throws Exception {
        Duration timeout = Duration.ofMillis(500);
        try (PostgresTill books = new PostgresTill();
                JdbcLedger ledger = books.ledger(timeout)) {
            books.sql().run("BEGIN", "LOCK TABLE counterfoil_cell IN ACCESS EXCLUSIVE MODE");
            long start = System.nanoTime();
            Future<?> read = callers.call(() -> ledger.read(Till.drawer(0).account()));
            Future<?> write = callers.call(() -> ledger.apply(Till.cent("c-1")));
            assertThatThrownBy(() -> Calls.get(read)).isInstanceOf(NotAppliedException.class);
            assertThatThrownBy(() -> Calls.get(write)).isInstanceOf(NotAppliedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.multipliedBy(20));
            books.sql().run("COMMIT");
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rule 7: a replay is not less durable than the original. InnoDB shows a commit to others before it is safe. How long it is
 * not, the test says: the server must have a replica's word before it answers a commit, and the replica is missing.
 */
@Timeout(120)
class MariaDbDurabilityRulesTest {
    /** Sessions whose commit others can see, and that wait for the replica. */
    private static final String WAITING =
            "SELECT count(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for semi-sync ACK%'";

    private static MariaDbServer server;
    private static String database;

    private final Calls callers = new Calls();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private JdbcLedger ledger;

    @BeforeAll
    static void startServer() {
        server = MariaDbServer.start(
                "--log-bin", "--rpl-semi-sync-master-wait-point=AFTER_COMMIT", "--rpl-semi-sync-master-timeout=600000");
        database = server.newDatabase();
        try (HikariDataSource pool = server.pool(database, 1, "");
                JdbcLedger till = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(till, Till.opening());
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void demandAReplica() {
        ledger = ledger();
        server.run("SET GLOBAL rpl_semi_sync_master_enabled = ON");
    }

    @AfterEach
    void demandNothing() throws Exception {
        letCommitsThrough();
        callers.close();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private static void letCommitsThrough() {
        server.run("SET GLOBAL rpl_semi_sync_master_enabled = OFF");
    }

    private JdbcLedger ledger(Between... between) {
        HikariDataSource pool = server.pool(database, 4, "");
        opened.push(pool);
        JdbcLedger made = JdbcLedger.builder(between.length == 0 ? pool : between[0].on(pool))
                .timeout(Duration.ofSeconds(60))
                .build();
        opened.push(made);
        return made;
    }

    private static void awaitWaiting(int sessions) throws Exception {
        Calls.until(
                sessions + " sessions that wait for the replica",
                () -> server.query(WAITING).equals(Integer.toString(sessions)));
    }

    @Test
    void aReplayOfWhatAllCanSeeButIsNotSafeWaitsAsTheOriginalDoes() throws Exception {
        Rewritten untouched = new Rewritten("SET touch = touch + 1", "SET touch = touch");
        JdbcLedger careless = ledger(untouched);
        JdbcLedger other = ledger();
        Future<Applied> original = callers.call(() -> Till.apply(ledger, Till.cent("seen")));
        awaitWaiting(1);
        Future<Applied> replay = callers.call(() -> Till.apply(other, Till.cent("seen")));
        Applied tooEarly = Till.apply(careless, Till.cent("seen"));
        awaitWaiting(2);

        assertThat(tooEarly.replayed())
                .as("without the touch it answers what may be lost")
                .isTrue();
        assertThat(untouched.used()).isTrue();
        assertThat(original.isDone()).isFalse();
        assertThat(replay.isDone()).isFalse();
        letCommitsThrough();
        assertThat(Calls.get(original).replayed()).isFalse();
        assertThat(Calls.get(replay).replayed()).isTrue();
        assertThat(Calls.get(replay).receipt()).isEqualTo(Calls.get(original).receipt());
    }

    /** There is a row of the meta table for this. */
    @Test
    void aReplayThatFindsNoCellToLockWaitsToo() throws Exception {
        BalanceId missing = AccountId.of("drawer", "none").balance("cash", Till.SAR);
        Update noCell = Update.of("no-cell").take(missing, "1.00").build();
        Rewritten untouched = new Rewritten("SET value = value + 1", "SET value = value");
        JdbcLedger careless = ledger(untouched);
        JdbcLedger other = ledger();
        Future<Outcome> refused = callers.call(() -> ledger.apply(noCell));
        awaitWaiting(1);
        Future<Outcome> replay = callers.call(() -> other.apply(noCell));
        Outcome tooEarly = careless.apply(noCell);
        awaitWaiting(2);

        assertThat(((Rejected) tooEarly).replayed()).isTrue();
        assertThat(untouched.used()).isTrue();
        assertThat(replay.isDone()).isFalse();
        letCommitsThrough();
        assertThat(((Rejected) Calls.get(refused)).replayed()).isFalse();
        assertThat(((Rejected) Calls.get(replay)).replayed()).isTrue();
    }

    /** A decision that is older has been on the disk for long; its replay writes nothing. */
    @Test
    void aReplayOfWhatIsOldWritesNothing() throws SQLException {
        letCommitsThrough();
        Stage stage = new Stage();
        JdbcLedger watched = ledger(stage);
        Till.apply(watched, Till.cent("old"));
        try (PlainSql sql = server.sql(database)) {
            sql.run(
                    "UPDATE counterfoil_decision SET recorded_at = recorded_at - INTERVAL 6 SECOND WHERE `key` = 'old'");
        }
        assertThat(Till.apply(watched, Till.cent("old")).replayed()).isTrue();
        assertThat(stage.sent("touch = touch + 1")).isZero();
        Till.apply(watched, Till.cent("young"));
        assertThat(Till.apply(watched, Till.cent("young")).replayed()).isTrue();
        assertThat(stage.sent("touch = touch + 1")).isEqualTo(1);
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * MariaDB commits each statement of a step, so no transaction keeps a second process from the same step: one that stood still
 * would make again, later, what a further step has taken away.
 */
@Timeout(120)
class MariaDbSchemaLockTest {
    private static final String LABELS = "SELECT count(*) FROM information_schema.tables"
            + " WHERE table_schema = DATABASE() AND table_name = 'counterfoil_label'";

    private static final String WAITING = "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE()"
            + " AND info LIKE 'SELECT GET_LOCK(%' AND state = 'User lock'";

    private HikariDataSource pool;

    @BeforeEach
    void openPool() {
        pool = MariaDbServer.get().pool(MariaDbServer.get().newDatabase(), 4, "");
        JdbcLedger.builder(pool).createSchema().build().close();
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void whoComesSecondWaitsForWhoeverUpgrades() throws Exception {
        Stage stage = stage();
        try (Calls calls = new Calls()) {
            Future<String> first = calls.call(() -> upgrade(stage.on(pool)));
            stage.awaitStopped();
            Future<String> second = calls.call(() -> upgrade(pool));
            Calls.until("the second waits for the first", () -> count(WAITING) == 1);
            stage.letGo();
            assertThat(Calls.get(first)).isEqualTo("done");
            assertThat(Calls.get(second)).isEqualTo("done");
        }
        assertThat(count(LABELS)).isZero();
        assertThat(count("SELECT IS_FREE_LOCK('counterfoil schema')")).isOne();
    }

    @Test
    void withoutTheLockWhatAFurtherStepTookAwayIsThereAgain() throws Exception {
        Stage stage = stage().changed(sql -> sql.startsWith("SELECT GET_LOCK(") ? "SELECT 1" : sql);
        try (Calls calls = new Calls()) {
            Future<String> first = calls.call(() -> upgrade(stage.on(pool)));
            stage.awaitStopped();
            assertThat(upgrade(pool)).isEqualTo("done");
            assertThat(count(LABELS)).isZero();
            stage.letGo();
            Calls.get(first);
        }
        assertThat(stage.sent("SELECT GET_LOCK(")).isPositive();
        assertThat(count(LABELS)).as("the table that is none of version 3").isOne();
    }

    @Test
    void anUpgradeWhoseConnectionIsKilledGoesOnOnAnother() throws Exception {
        Stage stage = stage();
        try (Calls calls = new Calls()) {
            Future<String> upgrade = calls.call(() -> upgrade(stage.on(pool)));
            stage.awaitStopped();
            MariaDbServer.get().run("KILL " + count("SELECT IS_USED_LOCK('counterfoil schema')"));
            stage.letGo();
            assertThat(Calls.get(upgrade)).isEqualTo("done");
        }
        assertThat(stage.sent("ALTER TABLE"))
                .as("times that the step was begun")
                .isEqualTo(2);
        assertThat(count("SELECT value FROM counterfoil_meta WHERE name = 'schema_version'"))
                .isEqualTo(3);
    }

    private static Stage stage() {
        return new Stage().stopsBefore(sql -> sql.startsWith("CREATE TABLE IF NOT EXISTS counterfoil_label"));
    }

    private static String upgrade(DataSource through) {
        JdbcLedger.builder(through)
                .dialect(LaterLibrary.dialect(JoinedBooks.MARIADB, 3))
                .upgradeSchema()
                .build()
                .close();
        return "done";
    }

    private long count(String sql) throws SQLException {
        try (PlainSql plain = new PlainSql(pool.getConnection())) {
            return plain.count(sql);
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that must not lose what was acknowledged is not opened on a database that may. */
@Timeout(120)
class DurabilityTest {
    @TempDir
    Path directory;

    @Test
    void aDurablePostgresIsAcceptedAndOneThatAnswersBeforeTheDiskIsRefused() {
        PostgresServer server = PostgresServer.get();
        String database = server.newDatabase();
        try (HikariDataSource pool = server.pool(database, 1)) {
            JdbcLedger.builder(pool).createSchema().requireDurable().build().close();
        }
        try (HikariDataSource pool = server.pool(database, 1, Map.of("options", "-c synchronous_commit=off"))) {
            assertThatThrownBy(() -> JdbcLedger.builder(pool).requireDurable().build())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("may lose commits")
                    .hasMessageContaining("synchronous_commit = off");
            // Warned of, and as it was asked for.
            JdbcLedger.builder(pool).build().close();
        }
    }

    @Test
    void aMariaDbThatFlushesOnceASecondIsRefused() throws SQLException {
        MariaDbServer server = MariaDbServer.get();
        String database = server.newDatabase();
        try (HikariDataSource pool = server.pool(database, 1, "");
                Connection admin = DriverManager.getConnection(server.url(database, ""));
                Statement statement = admin.createStatement()) {
            JdbcLedger.builder(pool).createSchema().requireDurable().build().close();
            statement.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
            try {
                assertThatThrownBy(
                                () -> JdbcLedger.builder(pool).requireDurable().build())
                        .isInstanceOf(SchemaException.class)
                        .hasMessageContaining("innodb_flush_log_at_trx_commit = 2");
            } finally {
                statement.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
            }
        }
    }

    @Test
    void h2IsRefusedHoweverItIsSet() {
        for (String url : new String[] {
            "jdbc:h2:mem:durability;DB_CLOSE_DELAY=-1", "jdbc:h2:" + directory.resolve("books") + ";WRITE_DELAY=0"
        }) {
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setJdbcUrl(url);
                pool.setMaximumPoolSize(1);
                assertThatThrownBy(() -> JdbcLedger.builder(pool)
                                .createSchema()
                                .requireDurable()
                                .build())
                        .isInstanceOf(SchemaException.class)
                        .hasMessageContaining("H2 waits for no disk");
            }
        }
    }

    @Test
    void anSqliteFileIsAcceptedWhateverTheUrlAsksFor() {
        String url = "jdbc:sqlite:" + directory.resolve("books.db") + "?synchronous=OFF";
        JdbcLedger.builder(url).createSchema().requireDurable().build().close();
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.jdbc.dialect.H2Dialect;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real H2 does when it is shut down in this process or its file is read-only, its clock, and its modes. */
class H2FaultsTest {
    private static final String PREFIX = "counterfoil_";

    private final H2Dialect dialect = new H2Dialect();

    @TempDir
    Path directory;

    private final List<HikariDataSource> pools = new ArrayList<>();

    private HikariDataSource memory(String settings) {
        return pool("jdbc:h2:mem:faults" + System.nanoTime() + ";DB_CLOSE_DELAY=-1" + settings);
    }

    private HikariDataSource pool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(3);
        pools.add(pool);
        return pool;
    }

    @AfterEach
    void closePools() {
        pools.forEach(HikariDataSource::close);
    }

    private static void opened(HikariDataSource h2) {
        try (JdbcLedger ledger = JdbcLedger.builder(h2).createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
    }

    private static Connection connect(HikariDataSource h2) throws SQLException {
        Connection connection = h2.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String lock(int drawer) {
        return "SELECT id FROM counterfoil_cell WHERE namespace = '' AND account_kind = 'drawer' AND account_id = '"
                + drawer + "' AND name = 'cash' FOR UPDATE";
    }

    private Trouble trouble(SQLException failure) {
        return dialect.trouble(failure, Phase.BODY, PREFIX);
    }

    @Test
    void aDatabaseThatWasShutDownIsALostLinkAndUnknownAtCommit() throws SQLException {
        HikariDataSource h2 = memory("");
        opened(h2);
        // Not closed here: there is nothing left to close.
        Connection one = connect(h2);
        run(one, lock(1));
        run(connect(h2), "SHUTDOWN IMMEDIATELY");
        SQLException lost = catchThrowableOfType(SQLException.class, () -> run(one, "SELECT 1"));

        assertThat(trouble(lost)).isEqualTo(Trouble.TRANSIENT);
        assertThat(dialect.trouble(lost, Phase.COMMIT, PREFIX)).isEqualTo(Trouble.UNKNOWN);
    }

    @Test
    void aFileThatIsReadOnlyIsRefusedAtTheOpening() {
        HikariDataSource writable = pool("jdbc:h2:" + directory.resolve("books"));
        opened(writable);
        writable.close();
        HikariDataSource readable = pool("jdbc:h2:" + directory.resolve("books") + ";ACCESS_MODE_DATA=r");
        assertThatThrownBy(() -> JdbcLedger.builder(readable).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void theClockGoesOnWithinATransaction() throws Exception {
        try (Connection one = connect(memory(""))) {
            Instant first = dialect.clock(one);
            while (Instant.now().isBefore(first.plusMillis(20))) {
                Thread.onSpinWait();
            }
            assertThat(dialect.clock(one)).isAfterOrEqualTo(first.plusMillis(20));
        }
    }

    @Test
    void theModesOfOtherDatabasesChangeNothing() {
        for (String mode : new String[] {
            ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
            ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
            ";MODE=MariaDB;DATABASE_TO_UPPER=FALSE",
            ";MODE=LEGACY",
            ";NON_KEYWORDS=KEY,VALUE"
        }) {
            HikariDataSource h2 = memory(mode);
            opened(h2);
            try (JdbcLedger ledger = JdbcLedger.builder(h2).createSchema().build()) {
                assertThat(ledger.apply(Till.cent("c"))).isInstanceOf(Applied.class);
                assertThat(ledger.apply(Till.opening())).isInstanceOf(Applied.class);
                assertThat(Till.cash(ledger, 0)).isEqualTo("99.99");
            }
        }
    }
}

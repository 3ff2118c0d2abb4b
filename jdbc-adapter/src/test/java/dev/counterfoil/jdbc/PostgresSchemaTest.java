package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the tables lie on PostgreSQL, and how they come to be. */
@Timeout(60)
class PostgresSchemaTest {
    private HikariDataSource pool;

    @BeforeEach
    void openPool() {
        pool = PostgresServer.get().pool(PostgresServer.get().newDatabase(), 8);
    }

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void withoutASchemaTheTablesLieWhereTheConnectionMakesThem() throws SQLException {
        try (JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
        assertThat(schemasOf("counterfoil_cell")).containsExactly("public");
    }

    @Test
    void aSchemaThatIsAskedForIsMadeWithItsTables() throws SQLException {
        try (JdbcLedger ledger =
                JdbcLedger.builder(pool).schema("money").createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
        assertThat(schemasOf("counterfoil_cell")).containsExactly("money");
        assertThat(schemasOf("counterfoil_cell_block")).containsExactly("money");
        assertThat(count("SELECT count(*) FROM money.counterfoil_cell")).isEqualTo(Till.SIZE);
    }

    @Test
    void aSchemaThatIsThereIsUsedByARoleThatMayMakeNone() throws SQLException {
        run("CREATE SCHEMA money");
        run("CREATE ROLE tenant_" + pool.hashCode() + " NOLOGIN");
        run("GRANT USAGE, CREATE ON SCHEMA money TO tenant_" + pool.hashCode());
        try (HikariDataSource other = pool(c -> c.setConnectionInitSql("SET ROLE tenant_" + pool.hashCode()));
                JdbcLedger ledger =
                        JdbcLedger.builder(other).schema("money").createSchema().build()) {
            Till.apply(ledger, Till.opening());
        }
    }

    @Test
    void ledgersInTwoSchemasDoNotSeeEachOther() {
        try (JdbcLedger one =
                        JdbcLedger.builder(pool).schema("one").createSchema().build();
                JdbcLedger two =
                        JdbcLedger.builder(pool).schema("two").createSchema().build()) {
            Till.apply(one, Till.opening());
            assertThat(two.find("till-open")).isEmpty();
            Till.apply(two, Till.opening());
            Till.apply(two, Till.cent("c-1"));
            assertThat(one.find("c-1")).isEmpty();
            assertThat(Till.cash(one, 0)).isEqualByComparingTo("100.00");
            assertThat(Till.cash(two, 0)).isEqualByComparingTo("99.99");
        }
    }

    @Test
    void aConnectionWhoseSearchPathLeadsElsewhereDoesNotLeadTheLedgerAstray() throws SQLException {
        try (JdbcLedger elsewhere =
                JdbcLedger.builder(pool).schema("elsewhere").createSchema().build()) {
            Till.apply(elsewhere, Till.opening());
        }
        try (JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            run("ALTER DATABASE " + pool.getJdbcUrl().replaceAll(".*/([a-z0-9_]+)\\?.*", "$1")
                    + " SET search_path TO elsewhere");
            pool.getHikariPoolMXBean().softEvictConnections();
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(ledger.find("c-1")).isPresent();
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
            assertThat(count("SELECT count(*) FROM counterfoil_decision")).isEqualTo(1);
        }
        assertThat(count("SELECT count(*) FROM elsewhere.counterfoil_decision")).isEqualTo(1);
        assertThat(count("SELECT count(*) FROM public.counterfoil_decision")).isEqualTo(2);
    }

    @Test
    void tablesThatAreNotThereAreMissedInTheSchemaThatWasAskedFor() {
        JdbcLedger.builder(pool).createSchema().build().close();
        assertThatThrownBy(() -> JdbcLedger.builder(pool).schema("money").build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("are not there in schema money")
                .hasMessageContaining("createSchema()")
                .hasMessageContaining("schema/postgresql/counterfoil-1.sql");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Money", "1st", "a-b", "a\"b", "a b", "m\u00f6ney", "a23456789012345678901234567890123"})
    void aSchemaThatIsNoPlainIdentifierIsRefused(String schema) {
        assertThatThrownBy(() -> JdbcLedger.builder(pool).schema(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema \"" + schema + "\"");
    }

    @Test
    void aPoolOfSerializableOrRepeatableReadConnectionsMakesTheTablesToo() throws Exception {
        for (String isolation : List.of("TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE")) {
            run("DROP SCHEMA IF EXISTS money CASCADE");
            try (HikariDataSource strict = pool(c -> c.setTransactionIsolation(isolation))) {
                openAtOnce(strict, 8);
                try (Connection connection = strict.getConnection()) {
                    assertThat(connection.getTransactionIsolation())
                            .isGreaterThan(Connection.TRANSACTION_READ_COMMITTED);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
    void aDatabaseInAnotherEncodingIsRefusedBeforeAnythingIsMadeInIt(String encoding) throws SQLException {
        String database = "other_" + encoding.toLowerCase(Locale.ROOT);
        run("CREATE DATABASE " + database + " ENCODING '" + encoding + "' LOCALE 'C' TEMPLATE template0");
        try (HikariDataSource other = PostgresServer.get().pool(database, 1);
                PlainSql sql = PostgresServer.get().sql(database)) {
            assertThatThrownBy(() -> JdbcLedger.builder(other).createSchema().build())
                    .isInstanceOf(SchemaException.class)
                    .hasMessageContaining("the encoding of the database is " + encoding + ", it must be UTF8");
            assertThat(sql.count("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                    .isZero();
        }
    }

    @Test
    void whatAStepMakesLiesBesideTheTablesAndNotWhereTheConnectionLooksFirst() throws SQLException {
        JdbcLedger.builder(pool).createSchema().build().close();
        JdbcLedger.builder(pool).schema("money").createSchema().build().close();
        run("CREATE SCHEMA elsewhere");
        try (HikariDataSource other = pool(c -> c.setConnectionInitSql("SET search_path TO elsewhere, public"))) {
            upgrade(JdbcLedger.builder(other));
            assertThat(schemasOf("counterfoil_label")).containsExactly("public");
            upgrade(JdbcLedger.builder(other).schema("money"));
            assertThat(schemasOf("counterfoil_label")).containsExactly("money", "public");
        }
    }

    @Test
    void anUpgradeWhoseConnectionIsKilledGoesOnOnAnother() throws Exception {
        JdbcLedger.builder(pool).createSchema().build().close();
        Stage stage = new Stage().stopsBefore(sql -> sql.startsWith("CREATE TABLE IF NOT EXISTS counterfoil_label"));
        try (Calls calls = new Calls()) {
            Future<String> upgrade = calls.call(() -> {
                upgrade(JdbcLedger.builder(stage.on(pool)));
                return "done";
            });
            stage.awaitStopped();
            assertThat(count("SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'"
                            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .isOne();
            stage.letGo();
            assertThat(Calls.get(upgrade)).isEqualTo("done");
        }
        assertThat(stage.sent("ALTER TABLE"))
                .as("times that the step was begun")
                .isEqualTo(2);
        assertThat(count("SELECT count(*) FROM counterfoil_label")).isZero();
    }

    private static void upgrade(JdbcLedger.Builder builder) {
        builder.dialect(LaterLibrary.dialect(JoinedBooks.POSTGRESQL, 2))
                .upgradeSchema()
                .build()
                .close();
    }

    /** Somebody's open transaction keeps the upgrade from a table, and the upgrade must not keep everybody else from it. */
    @Test
    void anUpgradeThatWaitsForATableLetsUpdatesThroughMeanwhile() throws Exception {
        try (JdbcLedger ledger = JdbcLedger.builder(pool)
                        .timeout(Duration.ofSeconds(30))
                        .createSchema()
                        .build();
                Calls calls = new Calls();
                PlainSql stranger = new PlainSql(pool.getConnection())) {
            Till.apply(ledger, Till.opening());
            stranger.run("BEGIN", "SELECT count(*) FROM counterfoil_decision");
            Future<String> upgrade = calls.call(() -> {
                upgrade(JdbcLedger.builder(pool).timeout(Duration.ofSeconds(60)));
                return "done";
            });
            Calls.until(
                    "the upgrade waits for the table",
                    () -> count("SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
                                    + " AND relation = 'counterfoil_decision'::regclass")
                            == 1);
            Till.apply(ledger, Till.cent("meanwhile"));
            assertThat(upgrade).isNotDone();
            stranger.run("COMMIT");
            assertThat(Calls.get(upgrade)).isEqualTo("done");
            assertThat(Till.apply(ledger, Till.cent("meanwhile")).replayed()).isTrue();
        }
    }

    private HikariDataSource pool(Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        pool.copyStateTo(config);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    private static void openAtOnce(HikariDataSource pool, int n) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(n);
        try {
            List<Callable<Boolean>> openings = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                String key = "c-" + i;
                openings.add(() -> {
                    try (JdbcLedger ledger = JdbcLedger.builder(pool)
                            .schema("money")
                            .createSchema()
                            .build()) {
                        ledger.apply(Till.opening()).orThrow();
                        return Till.apply(ledger, Till.cent(key)).replayed();
                    }
                });
            }
            for (Future<Boolean> opened : executor.invokeAll(openings)) {
                assertThat(opened.get()).isFalse();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private List<String> schemasOf(String name) throws SQLException {
        List<String> schemas = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT relnamespace::regnamespace::text FROM pg_class"
                        + " WHERE relname = '" + name + "' ORDER BY 1")) {
            while (row.next()) {
                schemas.add(row.getString(1));
            }
        }
        return schemas;
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

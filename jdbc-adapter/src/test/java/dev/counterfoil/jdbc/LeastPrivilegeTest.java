package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Key;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rights that {@code docs/databases.md} gives to the role that an application runs as: enough, and no more. */
@Timeout(120)
class LeastPrivilegeTest {
    private static final List<String> FORBIDDEN = List.of(
            "UPDATE money.counterfoil_entry SET delta = 0",
            "DELETE FROM money.counterfoil_entry",
            "UPDATE money.counterfoil_decision SET outcome = 'APPLIED'",
            "DELETE FROM money.counterfoil_decision",
            "DELETE FROM money.counterfoil_cell",
            "DROP TABLE money.counterfoil_entry",
            "DELETE FROM money.counterfoil_meta");

    /** What the role that prunes must not do. */
    private static final List<String> FORBIDDEN_TO_PRUNERS = Stream.concat(
                    FORBIDDEN.stream(),
                    Stream.of(
                            "UPDATE money.counterfoil_cell SET amount = 0",
                            "UPDATE money.counterfoil_decision SET recorded_at = recorded_at",
                            "INSERT INTO money.counterfoil_meta VALUES ('a', 'b')"))
            .toList();

    @Test
    void onPostgresTheRunningRoleWorksAndCannotRewriteHistory() throws Exception {
        PostgresServer server = PostgresServer.get();
        String database = server.newDatabase();
        try (Connection owner = server.plain(database).getConnection();
                Statement statement = owner.createStatement()) {
            String app = "app_" + database;
            String pruner = "pruner_" + database;
            statement.execute("CREATE ROLE " + app + " NOLOGIN");
            statement.execute("CREATE ROLE " + pruner + " NOLOGIN");
            JdbcLedger.builder(server.plain(database))
                    .schema("money")
                    .createSchema()
                    .build()
                    .close();
            for (String grant : grants("PostgreSQL", "app")) {
                statement.execute(grant.replace(" TO app", " TO " + app));
            }
            for (String grant : grants("PostgreSQL", "pruner")) {
                statement.execute(grant.replace(" TO pruner", " TO " + pruner));
            }
            Instant before;
            try (var pool = new SetRole(server.pool(database, 2), app)) {
                work(JdbcLedger.builder(pool.asRole()).schema("money").build());
                try (Connection connection = pool.asRole().getConnection()) {
                    assertForbidden(
                            FORBIDDEN,
                            connection,
                            e -> assertThat(e.getSQLState()).isEqualTo("42501"));
                }
                before = assertPrunesNothing(pool.asRole(), "the grants in docs/databases.md");
            }
            try (var pool = new SetRole(server.pool(database, 2), pruner)) {
                assertPrunes(pool.asRole(), before, statement);
                try (Connection connection = pool.asRole().getConnection()) {
                    assertForbidden(
                            FORBIDDEN_TO_PRUNERS,
                            connection,
                            e -> assertThat(e.getSQLState()).isEqualTo("42501"));
                }
            }
        }
    }

    @Test
    void onPostgresARoleThatVerifiesReadsAllAndWritesNothingButCheckpoints() throws Exception {
        PostgresServer server = PostgresServer.get();
        String database = server.newDatabase();
        try (Connection owner = server.plain(database).getConnection();
                Statement statement = owner.createStatement();
                JdbcLedger ledger = JdbcLedger.builder(server.plain(database))
                        .schema("money")
                        .createSchema()
                        .build()) {
            Till.apply(ledger, Till.opening());
            for (String name : List.of("app", "auditor")) {
                statement.execute("CREATE ROLE " + name + "_" + database + " NOLOGIN");
                for (String grant : grants("PostgreSQL", name)) {
                    statement.execute(grant.replace(" TO " + name, " TO " + name + "_" + database));
                }
            }
            try (var pool = new SetRole(server.pool(database, 2), "auditor_" + database);
                    JdbcLedger books =
                            JdbcLedger.builder(pool.asRole()).schema("money").build()) {
                assertThat(books.verify(VerifyRequest.all()).sound()).isTrue();
                assertThat(books.verify(VerifyRequest.all().sinceLast()).entries())
                        .isEqualTo(Till.SIZE);
                Till.apply(ledger, Till.cent("c-1"));
                assertThat(books.verify(VerifyRequest.all().sinceLast()).entries())
                        .isEqualTo(2);
                assertThat(books.verify(VerifyRequest.all().sinceLast()).entries())
                        .isZero();
                assertThatThrownBy(() -> books.apply(Till.cent("c-2"))).isInstanceOf(NotAppliedException.class);
                try (Connection connection = pool.asRole().getConnection()) {
                    assertForbidden(
                            FORBIDDEN,
                            connection,
                            e -> assertThat(e.getSQLState()).isEqualTo("42501"));
                }
            }
            try (var pool = new SetRole(server.pool(database, 2), "app_" + database);
                    JdbcLedger books =
                            JdbcLedger.builder(pool.asRole()).schema("money").build()) {
                statement.execute("UPDATE money.counterfoil_cell SET amount = 0 WHERE account_id = '0'");
                assertThat(books.verify(VerifyRequest.all()).findings()).isOne();
                books.restoreFromEntries(Key.of("repair"), Till.drawer(0), "a mistake")
                        .orThrow();
                assertThat(books.verify(VerifyRequest.all()).sound()).isTrue();
                assertThatThrownBy(() -> books.verify(VerifyRequest.all().sinceLast()))
                        .isInstanceOf(NotAppliedException.class)
                        .hasMessageContaining("lacks a right");
            }
        }
    }

    @Test
    void onMariaDbTheRunningUserWorksAndCannotRewriteHistory() throws Exception {
        MariaDbServer server = MariaDbServer.get();
        String database = server.newDatabase();
        try (Connection owner = DriverManager.getConnection(server.url(database, ""));
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE OR REPLACE USER app IDENTIFIED BY 'app'");
            statement.execute("CREATE OR REPLACE USER pruner IDENTIFIED BY 'app'");
            try (var pool = server.pool(database, 1, "")) {
                JdbcLedger.builder(pool).schema("money").createSchema().build().close();
            }
            for (String grant : grants("MariaDB", "app")) {
                statement.execute(grant);
            }
            for (String grant : grants("MariaDB", "pruner")) {
                statement.execute(grant);
            }
            String url = server.url("money", "&user=app&password=app").replace("user=root&", "");
            Instant before;
            try (var pool = new com.zaxxer.hikari.HikariDataSource()) {
                pool.setJdbcUrl(url);
                pool.setMaximumPoolSize(2);
                work(JdbcLedger.builder(pool).build());
                try (Connection connection = pool.getConnection()) {
                    assertForbidden(
                            FORBIDDEN,
                            connection,
                            e -> assertThat(e.getErrorCode()).isEqualTo(1142));
                }
                before = assertPrunesNothing(pool, "the database failed");
            }
            try (var pool = new com.zaxxer.hikari.HikariDataSource()) {
                pool.setJdbcUrl(url.replace("user=app", "user=pruner"));
                pool.setMaximumPoolSize(2);
                assertPrunes(pool, before, statement);
                try (Connection connection = pool.getConnection()) {
                    // 1143 names a column.
                    assertForbidden(
                            FORBIDDEN_TO_PRUNERS,
                            connection,
                            e -> assertThat(e.getErrorCode()).isIn(1142, 1143));
                }
            }
            statement.execute("DROP USER app");
            statement.execute("DROP USER pruner");
            statement.execute("DROP DATABASE money");
        }
    }

    /** Every kind of call. */
    private static void work(JdbcLedger ledger) {
        try (ledger) {
            Till.apply(ledger, Till.opening());
            Receipt receipt = Till.apply(ledger, Till.cent("c-1")).receipt();
            assertThat(Till.apply(ledger, Till.cent("c-1"))).isEqualTo(new Applied(receipt, true));
            assertThat(Till.apply(ledger, Till.opening()).replayed()).isTrue();
            assertThat(ledger.apply(Update.of("t-1")
                            .transfer(Till.drawer(0), Till.drawer(1), "1000.00")
                            .build()))
                    .isInstanceOf(Rejected.OutOfBounds.class);
            ledger.decide(
                            "d-1",
                            "all but one",
                            List.of(Till.drawer(2)),
                            now -> now.update().take(Till.drawer(2), "99.00").build())
                    .orThrow();
            Till.apply(ledger, Update.reversalOf("r-1", receipt).reference("r").build());
            assertThat(ledger.find("r-1")).isPresent();
            assertThat(Till.cash(ledger, 2)).isEqualByComparingTo("1.00");
            assertThat(ledger.history(Till.drawer(0), PageRequest.first(10)).items())
                    .hasSize(3);
            assertThat(ledger.accounts("drawer", "", PageRequest.first(10)).items())
                    .hasSize(Till.SIZE);
        }
    }

    private static JdbcLedger quick(DataSource dataSource) {
        return JdbcLedger.builder(dataSource)
                .schema("money")
                .timeout(Duration.ofMillis(800))
                .build();
    }

    /** Of the ledger's time, when its time-out has passed since the last decision. */
    private static Instant due(JdbcLedger ledger) {
        Instant last = ledger.find("r-1").orElseThrow().recordedAt().plusMillis(1);
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (ledger.accounts("none", "", PageRequest.first(1)).asOf().isBefore(last.plusMillis(800))) {
            assertThat(System.nanoTime() - end).isNegative();
            LockSupport.parkNanos(5_000_000);
        }
        return last;
    }

    /** The time before which it would have. */
    private static Instant assertPrunesNothing(DataSource dataSource, String says) {
        try (JdbcLedger ledger = quick(dataSource)) {
            Instant before = due(ledger);
            assertThatThrownBy(() -> ledger.prune(before))
                    .isInstanceOf(NotAppliedException.class)
                    .hasMessageContaining("after 0 decisions")
                    .hasMessageContaining(says);
            assertThat(((Applied) ledger.find("r-1").orElseThrow()).receipt().pruned())
                    .isFalse();
            return before;
        }
    }

    private static void assertPrunes(DataSource dataSource, Instant before, Statement owner) throws SQLException {
        try (JdbcLedger ledger = quick(dataSource)) {
            assertThat(ledger.prune(before)).isEqualTo(5);
        }
        try (ResultSet row =
                owner.executeQuery("SELECT count(*), count(detail), count(metadata) FROM money.counterfoil_decision")) {
            row.next();
            assertThat(List.of(row.getInt(1), row.getInt(2), row.getInt(3))).containsExactly(5, 0, 0);
        }
    }

    private interface Check {
        void of(SQLException refused);
    }

    private static void assertForbidden(List<String> forbidden, Connection connection, Check check)
            throws SQLException {
        for (String sql : forbidden) {
            try (Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute(sql))
                        .as(sql)
                        .isInstanceOfSatisfying(SQLException.class, check::of);
            }
        }
    }

    /** The statements for a role in the section of a database. */
    private static List<String> grants(String section, String role) throws IOException {
        String text = Files.readString(Path.of("../docs/databases.md"));
        String part = text.substring(text.indexOf("\n## " + section + "\n"));
        Matcher block =
                Pattern.compile("```sql\n(GRANT[^`]*? TO " + role + ";\n)```").matcher(part);
        assertThat(block.find()).isTrue();
        return block.group(1).lines().map(line -> line.replace(";", "")).toList();
    }
}

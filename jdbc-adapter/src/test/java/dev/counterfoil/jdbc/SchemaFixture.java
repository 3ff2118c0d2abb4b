package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Decision;
import dev.counterfoil.Ledger;
import dev.counterfoil.PageRequest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** A new database for each test, and libraries of several schema versions on it; version 1 is the product as it is. */
@Timeout(120)
abstract class SchemaFixture {
    @Parameter
    JoinedBooks books;

    @TempDir
    Path directory;

    HikariDataSource pool;

    @BeforeEach
    void openDatabase() throws SQLException {
        pool = books.open(directory);
    }

    @AfterEach
    void closeDatabase() {
        if (pool != null) {
            pool.close();
        }
    }

    JdbcLedger.Builder library(int version) {
        return library(version, pool);
    }

    JdbcLedger.Builder library(int version, DataSource dataSource) {
        JdbcLedger.Builder builder = JdbcLedger.builder(dataSource);
        return version == 1 ? builder : builder.dialect(LaterLibrary.dialect(books, version));
    }

    void make(int version) {
        library(version).createSchema().build().close();
    }

    void upgradeTo(int version) {
        library(version).upgradeSchema().build().close();
    }

    /** The version that the tables with a prefix say they have. */
    String version(String prefix) throws SQLException {
        try (PlainSql sql = sql()) {
            return sql.one("SELECT " + value() + " FROM " + prefix + "meta WHERE name = 'schema_version'");
        }
    }

    String version() throws SQLException {
        return version("counterfoil_");
    }

    PlainSql sql() throws SQLException {
        return new PlainSql(pool.getConnection());
    }

    void run(String... statements) throws SQLException {
        try (PlainSql sql = sql()) {
            sql.run(statements);
        }
    }

    /** The column of that name, which is a word of H2's own. */
    String value() {
        return books == JoinedBooks.H2 ? "\"VALUE\"" : "value";
    }

    /** Every column and every index of the tables with a prefix, as the database describes them. */
    Set<String> shape(String prefix) throws SQLException {
        Set<String> shape = new TreeSet<>();
        try (Connection connection = pool.getConnection()) {
            DatabaseMetaData data = connection.getMetaData();
            Set<String> tables = new TreeSet<>();
            try (ResultSet columns = data.getColumns(connection.getCatalog(), null, "%", "%")) {
                while (columns.next()) {
                    String table = columns.getString("TABLE_NAME");
                    if (table.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                        tables.add(table);
                        shape.add(row(columns, prefix, "TABLE_NAME", "COLUMN_NAME", "TYPE_NAME", "COLUMN_SIZE")
                                + row(columns, prefix, "DECIMAL_DIGITS", "COLUMN_DEF", "IS_NULLABLE"));
                    }
                }
            }
            for (String table : tables) {
                try (ResultSet indexes = data.getIndexInfo(connection.getCatalog(), null, table, false, true)) {
                    while (indexes.next()) {
                        String name = String.valueOf(indexes.getString("INDEX_NAME"));
                        // H2 and SQLite count through the indexes that a table has for its keys.
                        shape.add(row(indexes, prefix, "TABLE_NAME", "NON_UNIQUE", "COLUMN_NAME", "ORDINAL_POSITION")
                                + (name.toLowerCase(Locale.ROOT).startsWith(prefix)
                                        ? name.substring(prefix.length())
                                        : ""));
                    }
                }
            }
        }
        assertThat(shape).hasSizeGreaterThan(40);
        return shape;
    }

    private static String row(ResultSet from, String prefix, String... columns) throws SQLException {
        StringBuilder row = new StringBuilder();
        for (String column : columns) {
            String text = String.valueOf(from.getString(column));
            row.append(text.toLowerCase(Locale.ROOT).startsWith(prefix) ? text.substring(prefix.length()) : text)
                    .append(' ');
        }
        return row.toString();
    }

    /** What callers can see of some keys and of all drawers. */
    static List<Object> seen(Ledger ledger, List<String> keys) {
        List<Object> seen = new ArrayList<>();
        for (String key : keys) {
            seen.add(ledger.find(key).orElseThrow());
        }
        for (int i = 0; i < Till.SIZE; i++) {
            seen.add(Till.cash(ledger, i));
            seen.add(entries(ledger, i));
        }
        return seen;
    }

    static List<BalanceEntry> entries(Ledger ledger, int drawer) {
        return ledger.history(Till.drawer(drawer), PageRequest.first(1000)).items();
    }

    /** Every key is answered as a repeat, every balance is the fold of its entries, and all of them together are as before. */
    static void assertSound(Ledger ledger, Iterable<String> keys) {
        for (String key : keys) {
            assertThat(((Decision) ledger.apply(Till.transfer(key))).replayed())
                    .as(key)
                    .isTrue();
        }
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < Till.SIZE; i++) {
            BigDecimal sum = BigDecimal.ZERO;
            PageRequest next = PageRequest.first(1000);
            while (next != null) {
                var page = ledger.history(Till.drawer(i), next);
                for (BalanceEntry entry : page.items()) {
                    sum = sum.add(entry.delta());
                }
                next = page.next().orElse(null);
            }
            assertThat(Till.cash(ledger, i)).isEqualByComparingTo(sum);
            total = total.add(sum);
        }
        assertThat(total).isEqualByComparingTo(Till.SIZE + "00.00");
    }

    /** Transfers, some of which are refused; their keys. */
    static List<String> traffic(Ledger ledger, String name, int count) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = name + "-" + i;
            assertThat(((Decision) ledger.apply(Till.transfer(key))).replayed()).isFalse();
            keys.add(key);
        }
        return keys;
    }

    static Applied open(Ledger ledger) {
        return Till.apply(ledger, Till.opening());
    }
}

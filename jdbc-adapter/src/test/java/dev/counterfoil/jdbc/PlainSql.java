package dev.counterfoil.jdbc;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database as its operator sees it: one connection of its own, plain SQL, nothing of the library. */
final class PlainSql implements AutoCloseable {
    private final Connection connection;

    PlainSql(Path file) {
        this("jdbc:sqlite:" + file);
    }

    PlainSql(String url) {
        try {
            connection = DriverManager.getConnection(url);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    PlainSql(Connection connection) {
        this.connection = connection;
    }

    String product() throws SQLException {
        return connection.getMetaData().getDatabaseProductName();
    }

    Connection connection() {
        return connection;
    }

    void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows, their columns as text with | between them, NULL as ∅. */
    List<String> rows(String sql, Object... bound) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < bound.length; i++) {
                query.setObject(i + 1, bound[i]);
            }
            try (ResultSet result = query.executeQuery()) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        String text = result.getString(i);
                        row.add(text == null ? "∅" : text);
                    }
                    rows.add(String.join("|", row));
                }
            }
        }
        return rows;
    }

    String one(String sql, Object... bound) throws SQLException {
        List<String> rows = rows(sql, bound);
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows instead of one: " + sql);
        }
        return requireNonNull(rows.get(0));
    }

    long count(String sql, Object... bound) throws SQLException {
        return Long.parseLong(one(sql, bound));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query that is put together of parts, each with the values of its marks. */
final class Select {
    private final StringBuilder sql;
    private final List<@Nullable Object> bound = new ArrayList<>();

    Select(String sql, @Nullable Object... values) {
        this.sql = new StringBuilder();
        add(sql, values);
    }

    /** How a row is read. */
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    Select add(String part, @Nullable Object... values) {
        sql.append(part);
        bound.addAll(Arrays.asList(values));
        return this;
    }

    /** Another one that has begun as this one. */
    Select copy() {
        return new Select(sql.toString(), bound.toArray());
    }

    String sql() {
        return sql.toString();
    }

    /** Binds its values; the number of parameters bound so far. */
    int bind(PreparedStatement statement, int before) throws SQLException {
        int last = before;
        for (Object value : bound) {
            statement.setObject(++last, value);
        }
        return last;
    }

    <T> List<T> rows(Connection connection, Reader<T> reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql())) {
            bind(statement, 0);
            return rows(statement, reader);
        }
    }

    static <T> List<T> rows(PreparedStatement statement, Reader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(reader.read(row));
            }
        }
        return rows;
    }

    static PreparedStatement bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}

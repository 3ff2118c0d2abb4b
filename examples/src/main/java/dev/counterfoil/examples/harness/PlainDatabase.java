package dev.counterfoil.examples.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A plain table through JDBC: a connection for each thread, and autocommit. */
final class PlainDatabase implements PlainTable {
    private final Queue<Connection> opened = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Connection> mine;

    PlainDatabase(String url) {
        mine = ThreadLocal.withInitial(() -> {
            try {
                Connection connection = DriverManager.getConnection(url);
                opened.add(connection);
                return connection;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        execute("create table plain_row (name varchar(100) primary key, content varchar(4000) not null)");
        execute("create table plain_record (list varchar(100) not null, content varchar(4000) not null)");
    }

    @Override
    public String read(String row) {
        return query("select content from plain_row where name = ?", row);
    }

    @Override
    public void write(String row, String text) {
        if (execute("update plain_row set content = ? where name = ?", text, row) == 0) {
            execute("insert into plain_row (content, name) values (?, ?)", text, row);
        }
    }

    @Override
    public void append(String list, String content) {
        execute("insert into plain_record (list, content) values (?, ?)", list, content);
    }

    @Override
    public int count(String list) {
        return Integer.parseInt(query("select count(*) from plain_record where list = ?", list));
    }

    @Override
    public void close() {
        for (Connection connection : opened) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private int execute(String sql, String... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String query(String sql, String parameter) {
        try (PreparedStatement statement = prepare(sql, parameter);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("no row " + parameter);
            }
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private PreparedStatement prepare(String sql, String... parameters) throws SQLException {
        PreparedStatement statement = mine.get().prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
        return statement;
    }
}

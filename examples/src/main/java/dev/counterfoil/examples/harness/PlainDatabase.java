package dev.counterfoil.examples.harness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Plain tables through a pool: every statement on its own, in autocommit, where a method does not say otherwise. */
final class PlainDatabase implements PlainTable {
    private final DataSource pool;
    private final String rows;
    private final String records;
    private final String insertRecord;

    PlainDatabase(DataSource pool, String prefix) {
        this.pool = pool;
        rows = prefix + "row";
        records = prefix + "record";
        insertRecord = "insert into " + records + " (list, content) values (?, ?)";
        execute("create table " + rows + " (name varchar(100) primary key, content varchar(4000) not null)");
        execute("create table " + records + " (list varchar(100) not null, content varchar(4000) not null)");
    }

    @Override
    public String read(String row) {
        return query("select content from " + rows + " where name = ?", row);
    }

    @Override
    public void write(String row, String text) {
        if (execute("update " + rows + " set content = ? where name = ?", text, row) == 0) {
            execute("insert into " + rows + " (content, name) values (?, ?)", text, row);
        }
    }

    @Override
    public void append(String list, String content) {
        execute(insertRecord, list, content);
    }

    @Override
    public void appendTogether(String list, List<String> contents) {
        // The pool rolls back what is not committed, and sets autocommit again.
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(insertRecord)) {
                for (String content : contents) {
                    set(statement, list, content);
                    statement.executeUpdate();
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(insertRecord, e);
        }
    }

    @Override
    public int count(String list) {
        return Integer.parseInt(query("select count(*) from " + records + " where list = ?", list));
    }

    private int execute(String sql, String... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String query(String sql, String parameter) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameter);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("no row " + parameter);
                }
                return row.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void set(PreparedStatement statement, String... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
    }
}

package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Books in MariaDB. */
final class MariaDbBooks extends ServerBooks {
    private static final class Database {
        private static final String NAME = MariaDbServer.get().newDatabase();
    }

    MariaDbBooks() throws SQLException {}

    @Override
    HikariDataSource newPool(int size) {
        return MariaDbServer.get().pool(Database.NAME, size, "");
    }

    /** A pool whose sessions have these options of the driver, such as {@code &sessionVariables=…}. */
    HikariDataSource pool(int size, String options) {
        return closed(MariaDbServer.get().pool(Database.NAME, size, options));
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(MariaDbServer.get().url(Database.NAME, ""));
    }

    /** Of the whole server, which runs one test at a time; InnoDB's own tables show old news. */
    @Override
    long blocked() throws SQLException {
        return Long.parseLong(query("SELECT variable_value FROM information_schema.global_status"
                        + " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'")
                .get(0));
    }

    @Override
    String sessions() {
        return "SELECT concat_ws(' ', id, command, time, state, info) FROM information_schema.processlist";
    }

    @Override
    void dropIndex(String name) throws SQLException {
        run("DROP INDEX " + table(name) + " ON " + table(name.substring(0, name.indexOf('_'))));
    }

    @Override
    boolean locksWhatIsNotCommitted() {
        return true;
    }

    @Override
    String duplicate() {
        return "1062";
    }
}

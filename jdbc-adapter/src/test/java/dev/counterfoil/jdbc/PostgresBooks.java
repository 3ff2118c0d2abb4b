package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Books in PostgreSQL. Deadlocks are reported at once, not after the second that is PostgreSQL's habit, which is longer than
 * the product waits for a lock.
 */
final class PostgresBooks extends ServerBooks {
    private static final class Database {
        private static final String NAME = PostgresServer.get().newDatabase();

        static {
            try (Connection connection = PostgresServer.get().plain(NAME).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("ALTER DATABASE " + NAME + " SET deadlock_timeout = '20ms'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    PostgresBooks() throws SQLException {}

    @Override
    HikariDataSource newPool(int size) {
        return PostgresServer.get().pool(Database.NAME, size);
    }

    HikariDataSource pool(int size, Map<String, String> properties) {
        return closed(PostgresServer.get().pool(Database.NAME, size, properties));
    }

    @Override
    Connection connect() throws SQLException {
        return PostgresServer.get().plain(Database.NAME).getConnection();
    }

    @Override
    long blocked() throws SQLException {
        return count("pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0");
    }

    @Override
    String sessions() {
        return "SELECT state || ' ' || coalesce(wait_event, '') || ' ' || query FROM pg_stat_activity"
                + " WHERE datname = current_database()";
    }

    @Override
    void dropIndex(String name) throws SQLException {
        run("DROP INDEX " + table(name));
    }

    @Override
    boolean locksWhatIsNotCommitted() {
        return false;
    }

    @Override
    String duplicate() {
        return "23505";
    }
}

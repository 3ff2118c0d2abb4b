package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.SchemaException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The file behind a connection to SQLite.
 *
 * @param path where it lies
 */
public record SqliteFile(Path path) {
    /** The file of the main database, if it is one for a ledger. */
    public static SqliteFile of(Connection connection) throws SQLException {
        String file = query(connection, "SELECT file FROM pragma_database_list WHERE name = 'main'");
        if (file.isEmpty()) {
            throw new SchemaException(
                    "an SQLite database in memory is private to one connection and keeps nothing:"
                            + " name a file, or use MemoryLedger",
                    null);
        }
        String encoding = query(connection, "PRAGMA encoding");
        if (!encoding.equals("UTF-8")) {
            throw new SchemaException(
                    "the SQLite file is in " + encoding + ", in which ids have another order:"
                            + " only files in UTF-8 are supported",
                    null);
        }
        return new SqliteFile(Path.of(file));
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }
}

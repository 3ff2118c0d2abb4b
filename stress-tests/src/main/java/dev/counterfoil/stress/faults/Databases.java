package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.SQLException;

/** Where the ledgers of a run lie. */
interface Databases extends AutoCloseable {
    /** Makes a new, empty one, and says where it is. */
    String create(String database) throws SQLException, IOException;

    /** The same for one client, so that the database knows whose session is whose. */
    default String url(String url, String client) {
        return url;
    }

    /** True where a client is seen in the middle of a transaction, or nobody can tell. */
    default boolean inTransaction(String client) throws SQLException {
        return true;
    }

    /** False where a client that stands still in the middle of a transaction holds all others up. */
    default boolean othersGoOn() {
        return true;
    }

    /** False where a crash of the server may take back what a read has shown. */
    default boolean showsOnlyWhatLasts() {
        return true;
    }

    @Override
    void close() throws IOException;
}

package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;

/** What a writer waits for before it takes a connection, where a database lets one write at a time. */
public interface WriteTurn extends AutoCloseable {
    /** Waits for the turn. */
    Pass enter(Deadline deadline) throws StoreException;

    /** Called after a commit, while the turn is held. */
    void committed(Connection connection) throws SQLException;

    @Override
    void close();

    /** The turn, until it is closed. */
    interface Pass extends AutoCloseable {
        @Override
        void close();
    }
}

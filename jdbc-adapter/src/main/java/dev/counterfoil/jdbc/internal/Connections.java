package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Deadline;
import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Each is used by one thread at a time, and a call never holds two. */
public interface Connections extends AutoCloseable {
    /**
     * A connection in use.
     *
     * @param connection the connection
     * @param undo puts it back as it was found
     * @param answers how long it waits for them
     */
    record Lease(Connection connection, Dialect.Undo undo, AnswerWait answers) {}

    /** A connection that is ready for a transaction, and waits for the server till the deadline and a little. */
    Lease take(Deadline deadline) throws SQLException;

    /** Gives a connection back that is in no transaction. */
    void giveBack(Lease lease);

    /** Gives a connection back that must not be used again, because nobody knows what state it is in. */
    void drop(Lease lease);

    /** Closes what is kept. */
    @Override
    void close();
}

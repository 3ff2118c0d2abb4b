package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. Each is used by one thread at a time, and a call never holds two. */
public interface Connections extends AutoCloseable {
    /** A connection that is ready for a transaction. */
    Connection take() throws SQLException;

    /** Gives a connection back that is in no transaction. */
    void giveBack(Connection connection);

    /** Gives a connection back that must not be used again, because nobody knows what state it is in. */
    void drop(Connection connection);

    /** Closes what is kept. */
    @Override
    void close();
}

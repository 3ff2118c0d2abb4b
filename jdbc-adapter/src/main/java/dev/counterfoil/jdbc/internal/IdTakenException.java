package dev.counterfoil.jdbc.internal;

import java.sql.SQLException;

/** A surrogate id was given twice: a server that crashed, was restored, or counts in other steps since, can do that. */
final class IdTakenException extends SQLException {
    private static final long serialVersionUID = 1L;

    IdTakenException(SQLException cause) {
        super("a surrogate id was given twice", cause.getSQLState(), cause.getErrorCode(), cause);
    }
}

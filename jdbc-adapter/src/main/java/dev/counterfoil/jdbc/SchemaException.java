package dev.counterfoil.jdbc;

import dev.counterfoil.Fate;
import dev.counterfoil.LedgerException;
import org.jspecify.annotations.Nullable;

/**
 * The database, or the tables in it, are not what this library can use; the message says what to do. No balance was changed; an
 * upgrade that failed may have taken some of its steps.
 */
public final class SchemaException extends LedgerException {
    private static final long serialVersionUID = 1L;

    /** A fault of the schema; the cause may be null. */
    public SchemaException(String message, @Nullable Throwable cause) {
        super(Fate.NOT_APPLIED, message, cause);
    }
}

package dev.counterfoil.admin;

import org.jspecify.annotations.Nullable;

/** The database is not there, or lets nobody in. */
final class CannotConnectException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotConnectException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package dev.counterfoil.admin;

/** The answer is no: what was asked for is not there, or nobody wants it. */
final class NoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoException(String message) {
        super(message);
    }
}

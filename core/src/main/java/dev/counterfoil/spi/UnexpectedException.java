package dev.counterfoil.spi;

/** Carries what a store threw against the rules past the log of the retry, which would write down its message. */
final class UnexpectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedException(RuntimeException thrown) {
        super(Sending.UNEXPECTED + ": " + thrown.getClass().getName(), thrown, false, false);
    }
}

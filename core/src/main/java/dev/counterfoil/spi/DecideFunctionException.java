package dev.counterfoil.spi;

/** Carries what a caller's function threw through a store, which rolls back and lets it pass. */
public final class DecideFunctionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Wraps what the function threw. */
    public DecideFunctionException(Throwable thrown) {
        super("the decide function threw", thrown, false, false);
    }
}

package dev.counterfoil.retry;

/**
 * A failure that says by a code what went wrong, so that a {@link Classifier} need not know its class. Implemented by
 * exceptions; for exceptions of others see {@link Classifier#defaults(java.util.function.Function)}.
 */
public interface HasFailureCode {

    /**
     * The code, one of {@link FailureCodes} or any other.
     *
     * @return the code, such as {@code "UNAVAILABLE"}
     */
    String failureCode();
}

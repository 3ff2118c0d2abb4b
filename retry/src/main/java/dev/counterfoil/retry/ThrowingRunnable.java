package dev.counterfoil.retry;

/**
 * An operation that returns nothing.
 *
 * @param <E> what it may throw; inferred as {@link RuntimeException} if it throws nothing checked
 */
@FunctionalInterface
public interface ThrowingRunnable<E extends Throwable> {

    /**
     * Makes one attempt.
     *
     * @throws E if the attempt fails
     */
    void run() throws E;
}

package dev.counterfoil.retry;

/**
 * An operation that takes something, such as a {@link RetryContext}, and returns nothing.
 *
 * @param <A> the type of what it takes
 * @param <E> what it may throw; inferred as {@link RuntimeException} if it throws nothing checked
 */
@FunctionalInterface
public interface ThrowingConsumer<A, E extends Throwable> {

    /**
     * Makes one attempt.
     *
     * @param argument what it takes
     * @throws E if the attempt fails
     */
    void accept(A argument) throws E;
}

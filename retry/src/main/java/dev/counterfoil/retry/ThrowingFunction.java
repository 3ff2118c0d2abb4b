package dev.counterfoil.retry;

import org.jspecify.annotations.Nullable;

/**
 * An operation that takes something, such as a {@link RetryContext}, and returns a result.
 *
 * @param <A> the type of what it takes
 * @param <T> the type of its result
 * @param <E> what it may throw; inferred as {@link RuntimeException} if it throws nothing checked
 */
@FunctionalInterface
public interface ThrowingFunction<A, T extends @Nullable Object, E extends Throwable> {

    /**
     * Makes one attempt.
     *
     * @param argument what it takes
     * @return the result
     * @throws E if the attempt fails
     */
    T apply(A argument) throws E;
}

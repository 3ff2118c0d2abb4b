package dev.counterfoil.retry;

import org.jspecify.annotations.Nullable;

/**
 * An operation that returns a result.
 *
 * @param <T> the type of its result
 * @param <E> what it may throw; inferred as {@link RuntimeException} if it throws nothing checked
 */
@FunctionalInterface
public interface ThrowingSupplier<T extends @Nullable Object, E extends Throwable> {

    /**
     * Makes one attempt.
     *
     * @return the result
     * @throws E if the attempt fails
     */
    T get() throws E;
}

package dev.counterfoil.retry;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says of a result whether the attempt that returned it failed all the same, as a response "busy, come back later" did.
 *
 * <p>A result that gets a verdict becomes an {@link UnacceptableResultException} and goes the way of any failure with
 * that verdict. Implementations must be thread-safe. What one throws goes to the caller; the operation is not repeated.
 */
@FunctionalInterface
public interface ResultClassifier {

    /**
     * Judges a result.
     *
     * @param result what the operation returned, null included
     * @return empty to accept the result, or the verdict of the failure that it is
     */
    Optional<Verdict> classify(@Nullable Object result);

    /**
     * The classifier that retries the results of a class that match; all others, null too, are accepted.
     *
     * @param <R> the class
     * @param type the class
     * @param predicate which results of this class to retry
     * @return the classifier
     */
    static <R> ResultClassifier retryIf(Class<R> type, Predicate<? super R> predicate) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(predicate, "predicate");
        Optional<Verdict> retry = Optional.of(Verdict.RETRY);
        return result -> type.isInstance(result) && predicate.test(type.cast(result)) ? retry : Optional.empty();
    }
}

package dev.counterfoil.retry;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Says of a failed attempt whether another may follow. A classifier is a function; start from
 * {@link #defaults()}, {@link #retryAllExcept(Set)} or {@link #never()} and lay rules over it, the last one asked
 * first:
 *
 * <pre>{@code
 * Classifier.defaults()
 *         .when(SQLTransientConnectionException.class, Verdict.RETRY)
 *         .when(TooManyRequests.class, busy -> Verdict.retryAfter(busy.retryAfter()))
 *         .whenCode("HALF_DONE", Verdict.AMBIGUOUS);
 * }</pre>
 *
 * <p>Some failures end an execution whatever a classifier says, and classifiers are not asked about them: one that is or
 * was caused by an {@link Error}, an interruption, a {@link java.util.concurrent.CancellationException} or a
 * {@link RetryExhaustedException}, so that nested retries do not multiply.
 *
 * <p>Implementations must be thread-safe. If one throws or returns null, the failure is treated as {@link Verdict#FAIL}
 * and what the classifier threw is added to it as suppressed.
 */
@FunctionalInterface
public interface Classifier {

    /**
     * Judges a failure.
     *
     * @param failure what the operation threw, never an {@code Error}
     * @return the verdict
     */
    Verdict classify(Throwable failure);

    /**
     * The classifier that retries what is named, and nothing else: {@link java.io.IOException},
     * {@link java.util.concurrent.TimeoutException} and whatever carries one of {@link FailureCodes#RETRIED}.
     *
     * <p>What permits a retry must be on the failure itself (or inside a mere wrapper of the JDK:
     * {@link java.io.UncheckedIOException}, {@link java.util.concurrent.ExecutionException},
     * {@link java.util.concurrent.CompletionException}); what forbids one, a code of
     * {@link FailureCodes#NEVER_RETRIED}, may be anywhere in its chain of causes. A code decides before a class.
     *
     * @return the classifier, reading codes by {@link FailureCodes#of(Throwable)}
     */
    static Classifier defaults() {
        return defaults(FailureCodes::of);
    }

    /**
     * The classifier {@link #defaults()} with another way to read codes, for exceptions that do not implement
     * {@link HasFailureCode}. For gRPC:
     *
     * <pre>{@code
     * Classifier.defaults(failure -> failure instanceof StatusRuntimeException status
     *         ? Optional.of(status.getStatus().getCode().name())
     *         : FailureCodes.of(failure));
     * }</pre>
     *
     * @param codes reads the code of one failure, not of its causes; empty if it has none
     * @return the classifier
     */
    static Classifier defaults(Function<? super Throwable, Optional<String>> codes) {
        return new Rules.Named(codes);
    }

    /**
     * The classifier that retries everything but what is named: a failure fails if it, or any in its chain of causes,
     * carries one of the codes. Fit for operations without an effect or idempotent ones only.
     *
     * @param neverRetried the codes, usually {@link FailureCodes#NEVER_RETRIED}
     * @return the classifier, reading codes by {@link FailureCodes#of(Throwable)}
     */
    static Classifier retryAllExcept(Set<String> neverRetried) {
        return retryAllExcept(neverRetried, FailureCodes::of);
    }

    /**
     * The classifier {@link #retryAllExcept(Set)} with another way to read codes.
     *
     * @param neverRetried the codes, usually {@link FailureCodes#NEVER_RETRIED}
     * @param codes reads the code of one failure, not of its causes; empty if it has none
     * @return the classifier
     */
    static Classifier retryAllExcept(Set<String> neverRetried, Function<? super Throwable, Optional<String>> codes) {
        return new Rules.AllExcept(neverRetried, codes);
    }

    /**
     * The classifier that retries nothing, to lay rules over.
     *
     * @return the classifier
     */
    static Classifier never() {
        return failure -> Verdict.FAIL;
    }

    /**
     * Lays a rule over this classifier: failures of a class get a verdict.
     *
     * @param type the class; its subclasses count too, causes do not
     * @param verdict their verdict
     * @return the new classifier
     */
    default Classifier when(Class<? extends Throwable> type, Verdict verdict) {
        Objects.requireNonNull(type, "type");
        return when(type::isInstance, verdict);
    }

    /**
     * Lays a rule over this classifier: failures of a class are judged by a function of their own.
     *
     * @param <F> the class
     * @param type the class; its subclasses count too, causes do not
     * @param verdict their verdict
     * @return the new classifier
     */
    default <F extends Throwable> Classifier when(Class<F> type, Function<? super F, ? extends Verdict> verdict) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(verdict, "verdict");
        return failure -> type.isInstance(failure) ? verdict.apply(type.cast(failure)) : classify(failure);
    }

    /**
     * Lays a rule over this classifier: failures that match get a verdict.
     *
     * @param predicate which failures
     * @param verdict their verdict
     * @return the new classifier
     */
    default Classifier when(Predicate<? super Throwable> predicate, Verdict verdict) {
        Objects.requireNonNull(predicate, "predicate");
        Objects.requireNonNull(verdict, "verdict");
        return failure -> predicate.test(failure) ? verdict : classify(failure);
    }

    /**
     * Lays a rule over this classifier: failures that carry a code get a verdict. The code is read by
     * {@link FailureCodes#of(Throwable)}.
     *
     * @param code the code
     * @param verdict their verdict
     * @return the new classifier
     */
    default Classifier whenCode(String code, Verdict verdict) {
        Objects.requireNonNull(code, "code");
        return when(failure -> FailureCodes.of(failure).filter(code::equals).isPresent(), verdict);
    }

    /**
     * Turns {@link Verdict#AMBIGUOUS} into {@link Verdict#RETRY}: for an operation that is idempotent, so that doing it
     * again after it took effect changes nothing.
     *
     * @return the new classifier
     */
    default Classifier retryingAmbiguous() {
        return failure -> {
            Verdict verdict = classify(failure);
            return verdict == Verdict.AMBIGUOUS ? Verdict.RETRY : verdict;
        };
    }
}

package dev.counterfoil.retry;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When to try again, how often and how long. Immutable and thread-safe (its budget, which is shared, counts); each
 * {@code with…} method returns a new policy, checks what it is given, and may be called in any order.
 *
 * <p>{@link #defaults()}: 3 attempts in all, waits of 100 ms doubling up to 5 s with ±10 % jitter, a server's hint
 * honoured up to 60 s, {@link Classifier#defaults()}; no deadline, no budget, no listener.
 */
public final class RetryPolicy {

    private static final RetryPolicy DEFAULTS = new RetryPolicy(
            3,
            null,
            BackOff.exponential(Duration.ofMillis(100), Duration.ofSeconds(5)),
            Duration.ofSeconds(60),
            Classifier.defaults(),
            null,
            null,
            List.of());

    private final int maxAttempts;
    private final @Nullable Duration deadline;
    private final BackOff backOff;
    private final Duration hintCap;
    private final Classifier classifier;
    private final @Nullable ResultClassifier resultClassifier;
    private final @Nullable RetryBudget budget;
    private final List<RetryListener> listeners;

    private RetryPolicy(
            int maxAttempts,
            @Nullable Duration deadline,
            BackOff backOff,
            Duration hintCap,
            Classifier classifier,
            @Nullable ResultClassifier resultClassifier,
            @Nullable RetryBudget budget,
            List<RetryListener> listeners) {
        this.maxAttempts = maxAttempts;
        this.deadline = deadline;
        this.backOff = backOff;
        this.hintCap = hintCap;
        this.classifier = classifier;
        this.resultClassifier = resultClassifier;
        this.budget = budget;
        this.listeners = listeners;
    }

    /**
     * The policy to start from, which retries what {@link Classifier#defaults()} names.
     *
     * @return the policy
     */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * The policy for contention, deadlocks say, which are gone as soon as the contenders are spread: 10 attempts in all,
     * full jitter below 10 ms doubling up to 500 ms. Classifies as {@link #defaults()}; a driver's deadlocks have to be
     * named by a classifier that knows them.
     *
     * @return the policy
     */
    public static RetryPolicy contention() {
        return DEFAULTS.withMaxAttempts(10)
                .withBackOff(BackOff.exponential(Duration.ofMillis(10), Duration.ofMillis(500))
                        .withFullJitter());
    }

    /**
     * The policy {@link #defaults()}, but retrying everything except {@link FailureCodes#NEVER_RETRIED}. Fit for
     * operations without an effect or idempotent ones only.
     *
     * @return the policy
     */
    public static RetryPolicy retryAllExcept() {
        return retryAllExcept(FailureCodes.NEVER_RETRIED);
    }

    /**
     * The policy {@link #defaults()}, but retrying everything except what carries certain codes. Fit for operations
     * without an effect or idempotent ones only.
     *
     * @param neverRetried the codes
     * @return the policy
     */
    public static RetryPolicy retryAllExcept(Set<String> neverRetried) {
        return DEFAULTS.withClassifier(Classifier.retryAllExcept(neverRetried));
    }

    /**
     * The policy that makes one attempt and rethrows whatever it throws, never a {@link RetryExhaustedException}.
     *
     * @return the policy
     */
    public static RetryPolicy none() {
        return DEFAULTS.withMaxAttempts(1).withClassifier(Classifier.never());
    }

    /**
     * This policy with another number of attempts.
     *
     * @param newMaxAttempts how many attempts to make at most, the first included; 1 or more
     * @return the new policy
     * @throws IllegalArgumentException if the number is below 1
     */
    public RetryPolicy withMaxAttempts(int newMaxAttempts) {
        if (newMaxAttempts < 1) {
            throw new IllegalArgumentException("the number of attempts " + newMaxAttempts + " is below 1");
        }
        return new RetryPolicy(
                newMaxAttempts, deadline, backOff, hintCap, classifier, resultClassifier, budget, listeners);
    }

    /**
     * This policy without a limit on attempts. Give it a deadline or a budget, or it may go on for ever.
     *
     * @return the new policy
     */
    public RetryPolicy withUnlimitedAttempts() {
        return withMaxAttempts(Integer.MAX_VALUE);
    }

    /**
     * This policy with a deadline. It is looked at before each wait, which is not begun if it would reach the deadline,
     * and before each further attempt; an attempt that runs is not disturbed.
     *
     * @param newDeadline how long all attempts and waits may take together, above zero and at most 292 years
     * @return the new policy
     * @throws IllegalArgumentException if the duration is out of its range
     */
    public RetryPolicy withDeadline(Duration newDeadline) {
        Nanos.positive(newDeadline, "deadline");
        return new RetryPolicy(
                maxAttempts, newDeadline, backOff, hintCap, classifier, resultClassifier, budget, listeners);
    }

    /**
     * This policy with another back-off.
     *
     * @param newBackOff how long to wait between attempts
     * @return the new policy
     */
    public RetryPolicy withBackOff(BackOff newBackOff) {
        Objects.requireNonNull(newBackOff, "newBackOff");
        return new RetryPolicy(
                maxAttempts, deadline, newBackOff, hintCap, classifier, resultClassifier, budget, listeners);
    }

    /**
     * This policy with another bound on the waits that {@link Verdict#retryAfter(Duration)} asks for.
     *
     * @param newHintCap the longest wait, above zero and at most 292 years; longer hints are cut to it
     * @return the new policy
     * @throws IllegalArgumentException if the duration is out of its range
     */
    public RetryPolicy withHintCap(Duration newHintCap) {
        Nanos.positive(newHintCap, "hint cap");
        return new RetryPolicy(
                maxAttempts, deadline, backOff, newHintCap, classifier, resultClassifier, budget, listeners);
    }

    /**
     * This policy with another classifier of failures.
     *
     * @param newClassifier what judges failures
     * @return the new policy
     */
    public RetryPolicy withClassifier(Classifier newClassifier) {
        Objects.requireNonNull(newClassifier, "newClassifier");
        return new RetryPolicy(
                maxAttempts, deadline, backOff, hintCap, newClassifier, resultClassifier, budget, listeners);
    }

    /**
     * This policy with a classifier of results.
     *
     * @param newResultClassifier what judges results
     * @return the new policy
     */
    public RetryPolicy withResultClassifier(ResultClassifier newResultClassifier) {
        Objects.requireNonNull(newResultClassifier, "newResultClassifier");
        return new RetryPolicy(
                maxAttempts, deadline, backOff, hintCap, classifier, newResultClassifier, budget, listeners);
    }

    /**
     * This policy with a budget, which other policies may share.
     *
     * @param newBudget what limits retries
     * @return the new policy
     */
    public RetryPolicy withBudget(RetryBudget newBudget) {
        Objects.requireNonNull(newBudget, "newBudget");
        return new RetryPolicy(
                maxAttempts, deadline, backOff, hintCap, classifier, resultClassifier, newBudget, listeners);
    }

    /**
     * This policy with one listener more.
     *
     * @param listener who is told, after the listeners that are there
     * @return the new policy
     */
    public RetryPolicy withListener(RetryListener listener) {
        Objects.requireNonNull(listener, "listener");
        List<RetryListener> more =
                Stream.concat(listeners.stream(), Stream.of(listener)).toList();
        return new RetryPolicy(maxAttempts, deadline, backOff, hintCap, classifier, resultClassifier, budget, more);
    }

    /**
     * How many attempts are made at most, the first included.
     *
     * @return the number, from 1; {@link Integer#MAX_VALUE} if unlimited
     */
    public int maxAttempts() {
        return maxAttempts;
    }

    /**
     * How long all attempts and waits may take together.
     *
     * @return the duration, or empty if there is no deadline
     */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /**
     * How long to wait between attempts.
     *
     * @return the back-off
     */
    public BackOff backOff() {
        return backOff;
    }

    /**
     * The bound on the waits that {@link Verdict#retryAfter(Duration)} asks for.
     *
     * @return the longest such wait
     */
    public Duration hintCap() {
        return hintCap;
    }

    /**
     * What judges failures.
     *
     * @return the classifier
     */
    public Classifier classifier() {
        return classifier;
    }

    /**
     * What judges results.
     *
     * @return the classifier, or empty if all results are accepted
     */
    public Optional<ResultClassifier> resultClassifier() {
        return Optional.ofNullable(resultClassifier);
    }

    /**
     * What limits retries across operations.
     *
     * @return the budget, or empty if there is none
     */
    public Optional<RetryBudget> budget() {
        return Optional.ofNullable(budget);
    }

    /**
     * Who is told, in order.
     *
     * @return the listeners, unmodifiable
     */
    public List<RetryListener> listeners() {
        return listeners;
    }

    @Override
    public String toString() {
        return "RetryPolicy[maxAttempts=" + (maxAttempts == Integer.MAX_VALUE ? "unlimited" : maxAttempts)
                + ", deadline=" + (deadline == null ? "none" : deadline) + ", backOff=" + backOff + ", hintCap="
                + hintCap + ", budget=" + (budget == null ? "none" : budget) + "]";
    }
}

package dev.counterfoil.retry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules behind {@link Classifier}'s factories, and the one that stands before every classifier. */
final class Rules {

    /** Chains of causes are followed this far, so that one that runs in a circle ends too. */
    static final int LONGEST_CHAIN = 100;

    private Rules() {}

    /**
     * Whether no classifier is asked: an error, an interruption, a cancellation, an inner exhausted retry.
     *
     * @param cause the failure's own: to ask for it takes a lock, so it is asked for once
     */
    static boolean isFinal(Throwable failure, @Nullable Throwable cause) {
        return anyInChain(
                failure,
                cause,
                link -> link instanceof Error
                        || link instanceof RetryExhaustedException
                        || link instanceof CancellationException
                        || isInterruption(link));
    }

    private static boolean isInterruption(Throwable link) {
        return link instanceof InterruptedException
                || link instanceof ClosedByInterruptException
                || link instanceof FileLockInterruptionException
                // A read that timed out is an InterruptedIOException by inheritance only.
                || (link instanceof InterruptedIOException && !(link instanceof SocketTimeoutException));
    }

    private static boolean anyInChain(
            Throwable failure, @Nullable Throwable cause, Predicate<? super Throwable> predicate) {
        if (predicate.test(failure)) {
            return true;
        }
        Throwable link = cause;
        for (int depth = 1; link != null && depth < LONGEST_CHAIN; depth++) {
            if (predicate.test(link)) {
                return true;
            }
            link = link.getCause();
        }
        return false;
    }

    private static boolean carriesAny(
            Throwable link, Set<String> unwanted, Function<? super Throwable, Optional<String>> codes) {
        Optional<String> code = codes.apply(link);
        return code.isPresent() && unwanted.contains(code.get());
    }

    /** A classifier that looks at causes too. */
    interface OfChain extends Classifier {

        /** Judges a failure whose cause was asked for already. */
        Verdict classify(Throwable failure, @Nullable Throwable cause);

        @Override
        default Verdict classify(Throwable failure) {
            return classify(failure, failure.getCause());
        }
    }

    /** See {@link Classifier#defaults()}. */
    record Named(Function<? super Throwable, Optional<String>> codes) implements OfChain {

        Named {
            Objects.requireNonNull(codes, "codes");
        }

        @Override
        public Verdict classify(Throwable failure, @Nullable Throwable cause) {
            Throwable itself = unwrapped(failure);
            Optional<String> code = codes.apply(itself);
            boolean named = code.isPresent()
                    ? FailureCodes.RETRIED.contains(code.get())
                    : itself instanceof IOException || itself instanceof TimeoutException;
            return named && !isForbidden(cause) ? Verdict.RETRY : Verdict.FAIL;
        }

        /** The failure itself was asked for its code: it has one that is retried, or none, as the wrappers that were looked through. */
        private boolean isForbidden(@Nullable Throwable cause) {
            return cause != null
                    && anyInChain(cause, cause.getCause(), link -> carriesAny(link, FailureCodes.NEVER_RETRIED, codes));
        }

        private Throwable unwrapped(Throwable failure) {
            Throwable link = failure;
            for (int depth = 0; depth < LONGEST_CHAIN && isWrapper(link); depth++) {
                Throwable cause = link.getCause();
                if (cause == null) {
                    break;
                }
                link = cause;
            }
            return link;
        }

        /** A wrapper that has a code of its own says more than what it wraps. */
        private boolean isWrapper(Throwable link) {
            return (link instanceof UncheckedIOException
                            || link instanceof ExecutionException
                            || link instanceof CompletionException)
                    && codes.apply(link).isEmpty();
        }
    }

    /** See {@link Classifier#retryAllExcept(Set)}. */
    record AllExcept(Set<String> neverRetried, Function<? super Throwable, Optional<String>> codes) implements OfChain {

        AllExcept {
            neverRetried = Set.copyOf(neverRetried);
            Objects.requireNonNull(codes, "codes");
        }

        @Override
        public Verdict classify(Throwable failure, @Nullable Throwable cause) {
            return anyInChain(failure, cause, link -> carriesAny(link, neverRetried, codes))
                    ? Verdict.FAIL
                    : Verdict.RETRY;
        }
    }

    /** Adds a throwable as suppressed, unless that would make a circle, a double or a list without end. */
    static void suppress(Throwable target, Throwable suppressed) {
        if (target.getSuppressed().length < LONGEST_CHAIN
                && !new Search(suppressed).reaches(target)
                && !new Search(target).reaches(suppressed)) {
            target.addSuppressed(suppressed);
        }
    }

    /** A bounded walk over causes and suppressed: when its steps run out it answers yes, the safe answer here. */
    private static final class Search {
        private static final int STEPS = 2_000;

        private final Throwable wanted;
        private int steps = STEPS;

        Search(Throwable wanted) {
            this.wanted = wanted;
        }

        boolean reaches(Throwable from) {
            Throwable link = from;
            while (link != null) {
                if (link == wanted || --steps <= 0) {
                    return true;
                }
                for (Throwable suppressed : link.getSuppressed()) {
                    if (reaches(suppressed)) {
                        return true;
                    }
                }
                link = link.getCause();
            }
            return false;
        }
    }
}

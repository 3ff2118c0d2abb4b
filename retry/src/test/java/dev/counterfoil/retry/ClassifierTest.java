package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ClassifierTest {

    private final Classifier defaults = Classifier.defaults();
    private final Classifier allExcept = Classifier.retryAllExcept(FailureCodes.NEVER_RETRIED);

    @Test
    void theDefaultRetriesWhatItNames() {
        retried(defaults, new IOException());
        retried(defaults, new FileNotFoundException());
        retried(defaults, new SocketTimeoutException());
        retried(defaults, new TimeoutException());
        for (String code : Set.of("UNAVAILABLE", "ABORTED", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED")) {
            retried(defaults, new CodedException(code));
        }
    }

    @Test
    void theDefaultRetriesNothingElse() {
        failed(defaults, new RuntimeException());
        failed(defaults, new Exception());
        failed(defaults, new CodedException("SOMETHING"));
        failed(defaults, new CodedException("unavailable"));
        for (String code : FailureCodes.NEVER_RETRIED) {
            failed(defaults, new CodedException(code));
        }
    }

    @Test
    void theDefaultLooksThroughMereWrappersOnly() {
        retried(defaults, new UncheckedIOException(new IOException()));
        retried(defaults, new ExecutionException(new TimeoutException()));
        retried(defaults, new CompletionException(new ExecutionException(new CodedException("ABORTED"))));
        failed(defaults, new RuntimeException(new IOException()));
        failed(defaults, new ExecutionException(new IllegalStateException()));
        failed(defaults, new ExecutionException(null));
    }

    @Test
    void aCodeDecidesBeforeAClassAndAForbiddenOneAnywhereInTheChain() {
        retried(defaults, new CodedException("UNAVAILABLE", new IllegalStateException()));
        failed(defaults, new IOException(new CodedException("PERMISSION_DENIED")));
        failed(defaults, new CodedException("UNAVAILABLE", new RuntimeException(new CodedException("NOT_FOUND"))));
        failed(defaults, new CodedIoException("SOMETHING"));
        failed(defaults, new CodedWrapper("SOMETHING", new IOException()));
        retried(defaults, new IOException(new CodedException("SOMETHING")));
    }

    @Test
    void theOtherRuleRetriesEverythingButTheNamed() {
        retried(allExcept, new IllegalStateException());
        retried(allExcept, new CodedException("SOMETHING"));
        for (String code :
                Set.of("PERMISSION_DENIED", "UNAUTHENTICATED", "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS")) {
            failed(allExcept, new CodedException(code));
            failed(allExcept, new ExecutionException(new RuntimeException(new CodedException(code))));
        }
        assertThatNullPointerException().isThrownBy(() -> Classifier.retryAllExcept(null));
        assertThatNullPointerException().isThrownBy(() -> Classifier.retryAllExcept(Set.of(), null));
        assertThatNullPointerException().isThrownBy(() -> Classifier.defaults(null));
    }

    @Test
    void codesOfOtherPeoplesExceptionsCanBeRead() {
        Classifier byMessage = Classifier.defaults(failure -> Optional.ofNullable(failure.getMessage()));
        retried(byMessage, new IllegalStateException("UNAVAILABLE"));
        failed(byMessage, new IllegalStateException("NOT_FOUND"));
        Classifier other =
                Classifier.retryAllExcept(Set.of("NOT_FOUND"), failure -> Optional.ofNullable(failure.getMessage()));
        retried(other, new IllegalStateException("UNAVAILABLE"));
        failed(other, new IllegalStateException("NOT_FOUND"));
    }

    @Test
    void rulesAreLaidOverAndTheLastIsAskedFirst() {
        Duration hint = Duration.ofSeconds(2);
        Classifier classifier = Classifier.never()
                .when(IOException.class, Verdict.RETRY)
                .when(FileNotFoundException.class, missing -> Verdict.retryAfter(hint))
                .when(failure -> "stop".equals(failure.getMessage()), Verdict.FAIL)
                .whenCode("HALF_DONE", Verdict.AMBIGUOUS);
        retried(classifier, new IOException());
        assertThat(classifier.classify(new FileNotFoundException())).isEqualTo(Verdict.retryAfter(hint));
        failed(classifier, new FileNotFoundException("stop"));
        failed(classifier, new TimeoutException());
        failed(classifier, new CodedException("OTHER"));
        assertThat(classifier.classify(new CodedException("HALF_DONE"))).isEqualTo(Verdict.AMBIGUOUS);
    }

    @Test
    void rulesAreCheckedWhenTheyAreLaid() {
        Class<IOException> none = null;
        assertThatNullPointerException()
                .isThrownBy(() -> defaults.when(none, Verdict.RETRY))
                .withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> defaults.when(none, it -> Verdict.RETRY))
                .withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> defaults.when(IOException.class, (Verdict) null))
                .withMessage("verdict");
        assertThatNullPointerException()
                .isThrownBy(() -> defaults.whenCode(null, Verdict.RETRY))
                .withMessage("code");
    }

    @Test
    void ambiguousBecomesRetryOnlyWhereAsked() {
        Classifier ambiguous = failure -> Verdict.AMBIGUOUS;
        assertThat(ambiguous.retryingAmbiguous().classify(new IOException())).isEqualTo(Verdict.RETRY);
        failed(Classifier.never().retryingAmbiguous(), new IOException());
        Verdict hint = Verdict.retryAfter(Duration.ZERO);
        Classifier hinting = failure -> hint;
        assertThat(hinting.retryingAmbiguous().classify(new IOException())).isSameAs(hint);
    }

    @Test
    void someFailuresAreFinalBeforeAnyClassifierIsAsked() {
        RetryExhaustedException exhausted =
                new RetryExhaustedException("inner", StopReason.ATTEMPTS, 1, 0, new FailedAttempt[] {
                    new FailedAttempt(1, 0, new IOException(), Verdict.RETRY, 0)
                });
        for (Throwable failure : new Throwable[] {
            new AssertionError(),
            new InterruptedException(),
            new InterruptedIOException(),
            new ClosedByInterruptException(),
            new FileLockInterruptionException(),
            new CancellationException(),
            exhausted
        }) {
            assertThat(isFinal(failure)).as("%s", failure).isTrue();
            assertThat(isFinal(new RuntimeException(new IOException(failure))))
                    .as("caused by %s", failure)
                    .isTrue();
        }
        assertThat(isFinal(new SocketTimeoutException())).isFalse();
        assertThat(isFinal(new IOException(new RuntimeException()))).isFalse();
    }

    @Test
    void chainsAreFollowedForAHundredLinks() {
        Throwable chain = new CodedException("NOT_FOUND");
        for (int links = 2; links <= 100; links++) {
            chain = new RuntimeException(chain);
        }
        failed(allExcept, chain);
        retried(allExcept, new RuntimeException(chain));
    }

    @Test
    void chainsThatRunInACircleEnd() {
        RuntimeException a = new RuntimeException();
        ExecutionException b = new ExecutionException(a);
        a.initCause(b);
        assertThat(isFinal(a)).isFalse();
        failed(defaults, a);
        retried(allExcept, a);
        CompletionException c = new CompletionException("c", null) {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                return this;
            }
        };
        failed(defaults, c);
    }

    @Test
    void aVerdictPrintsAndChecksItsHint() {
        assertThat(Verdict.RETRY).hasToString("RETRY");
        assertThat(Verdict.retryAfter(Duration.ofSeconds(1))).hasToString("RETRY_AFTER(PT1S)");
        assertThat(Verdict.retryAfter(Duration.ZERO)).isEqualTo(new Verdict.RetryAfter(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.retryAfter(Duration.ofNanos(-1)))
                .withMessage("the hint PT-0.000000001S is negative");
        assertThatNullPointerException()
                .isThrownBy(() -> Verdict.retryAfter(null))
                .withMessage("hint");
    }

    @Test
    void aCodeIsReadFromTheFailureItself() {
        assertThat(FailureCodes.of(new CodedException("A", new CodedException("B"))))
                .contains("A");
        assertThat(FailureCodes.of(new IOException(new CodedException("B")))).isEmpty();
        assertThatNullPointerException().isThrownBy(() -> FailureCodes.of(null)).withMessage("failure");
    }

    @Test
    void resultClassifiersAreCheckedWhenTheyAreMade() {
        assertThatNullPointerException()
                .isThrownBy(() -> ResultClassifier.retryIf(null, it -> true))
                .withMessage("type");
        assertThatNullPointerException()
                .isThrownBy(() -> ResultClassifier.retryIf(String.class, null))
                .withMessage("predicate");
        ResultClassifier empty = ResultClassifier.retryIf(String.class, String::isEmpty);
        assertThat(empty.classify("")).contains(Verdict.RETRY);
        assertThat(empty.classify("x")).isEmpty();
        assertThat(empty.classify(null)).isEmpty();
    }

    private static void retried(Classifier classifier, Throwable failure) {
        assertThat(classifier.classify(failure)).as("%s", failure).isEqualTo(Verdict.RETRY);
    }

    private static void failed(Classifier classifier, Throwable failure) {
        assertThat(classifier.classify(failure)).as("%s", failure).isEqualTo(Verdict.FAIL);
    }

    private static final class CodedIoException extends IOException implements HasFailureCode {
        private static final long serialVersionUID = 1L;
        private final String code;

        CodedIoException(String code) {
            this.code = code;
        }

        @Override
        public String failureCode() {
            return code;
        }
    }

    private static final class CodedWrapper extends ExecutionException implements HasFailureCode {
        private static final long serialVersionUID = 1L;
        private final String code;

        CodedWrapper(String code, Throwable cause) {
            super(cause);
            this.code = code;
        }

        @Override
        public String failureCode() {
            return code;
        }
    }

    private static boolean isFinal(Throwable failure) {
        return Rules.isFinal(failure, failure.getCause());
    }
}

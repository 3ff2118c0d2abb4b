package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        RetryPolicy policy = RetryPolicy.defaults();
        assertThat(policy.maxAttempts()).isEqualTo(3);
        assertThat(policy.deadline()).isEmpty();
        assertThat(policy.backOff())
                .isEqualTo(new ExponentialBackOff(Duration.ofMillis(100), Duration.ofSeconds(5), 2, 0.9, 1.1));
        assertThat(policy.hintCap()).isEqualTo(Duration.ofSeconds(60));
        assertThat(policy.classifier().classify(new IOException())).isEqualTo(Verdict.RETRY);
        assertThat(policy.classifier().classify(new IllegalStateException())).isEqualTo(Verdict.FAIL);
        assertThat(policy.resultClassifier()).isEmpty();
        assertThat(policy.budget()).isEmpty();
        assertThat(policy.listeners()).isEmpty();
    }

    @Test
    void contentionSpreadsTheContendersFully() {
        RetryPolicy policy = RetryPolicy.contention();
        assertThat(policy.maxAttempts()).isEqualTo(10);
        assertThat(policy.backOff())
                .isEqualTo(new ExponentialBackOff(Duration.ofMillis(10), Duration.ofMillis(500), 2, 0, 1));
        assertThat(policy.classifier()).isSameAs(RetryPolicy.defaults().classifier());
    }

    @Test
    void retryAllExceptTakesTheFiveCodesOrOthers() {
        RetryPolicy five = RetryPolicy.retryAllExcept();
        assertThat(five.classifier().classify(new IllegalStateException())).isEqualTo(Verdict.RETRY);
        for (String code : FailureCodes.NEVER_RETRIED) {
            assertThat(five.classifier().classify(new CodedException(code))).isEqualTo(Verdict.FAIL);
        }
        RetryPolicy one = RetryPolicy.retryAllExcept(Set.of("CLOSED"));
        assertThat(one.classifier().classify(new CodedException("CLOSED"))).isEqualTo(Verdict.FAIL);
        assertThat(one.classifier().classify(new CodedException("NOT_FOUND"))).isEqualTo(Verdict.RETRY);
    }

    @Test
    void noneMakesOneAttemptAndRetriesNothing() {
        assertThat(RetryPolicy.none().maxAttempts()).isEqualTo(1);
        assertThat(RetryPolicy.none().classifier().classify(new IOException())).isEqualTo(Verdict.FAIL);
    }

    @Test
    void changesAreIndependentOfTheirOrder() {
        long seed = Seed.of(RetryPolicyTest.class);
        BackOff backOff = BackOff.constant(Duration.ofMillis(1));
        Classifier classifier = Classifier.never();
        ResultClassifier results = ResultClassifier.retryIf(String.class, String::isEmpty);
        RetryBudget budget = RetryBudget.of(1, 1);
        RetryListener listener = new RetryListener() {};
        List<UnaryOperator<RetryPolicy>> changes = new ArrayList<>(List.of(
                policy -> policy.withMaxAttempts(7),
                policy -> policy.withDeadline(Duration.ofNanos(1)),
                policy -> policy.withBackOff(backOff),
                policy -> policy.withHintCap(Duration.ofNanos(2)),
                policy -> policy.withClassifier(classifier),
                policy -> policy.withResultClassifier(results),
                policy -> policy.withBudget(budget),
                policy -> policy.withListener(listener)));
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(changes, new Random(seed + i));
            RetryPolicy policy = RetryPolicy.defaults();
            for (UnaryOperator<RetryPolicy> change : changes) {
                policy = change.apply(policy);
            }
            assertThat(policy.maxAttempts()).isEqualTo(7);
            assertThat(policy.deadline()).contains(Duration.ofNanos(1));
            assertThat(policy.backOff()).isSameAs(backOff);
            assertThat(policy.hintCap()).isEqualTo(Duration.ofNanos(2));
            assertThat(policy.classifier()).isSameAs(classifier);
            assertThat(policy.resultClassifier()).containsSame(results);
            assertThat(policy.budget()).containsSame(budget);
            assertThat(policy.listeners()).containsExactly(listener);
        }
        assertThat(RetryPolicy.defaults().maxAttempts()).isEqualTo(3);
    }

    @Test
    void impossibleNumbersAreRefusedWithAClearMessage() {
        RetryPolicy policy = RetryPolicy.defaults();
        refused(() -> policy.withMaxAttempts(0), "the number of attempts 0 is below 1");
        refused(() -> policy.withMaxAttempts(-5), "the number of attempts -5 is below 1");
        refused(() -> policy.withDeadline(Duration.ZERO), "the deadline PT0S is not above zero");
        refused(() -> policy.withDeadline(Duration.ofNanos(-1)), "is not above zero");
        refused(() -> policy.withDeadline(Duration.ofSeconds(Long.MAX_VALUE)), "the deadline");
        refused(() -> policy.withHintCap(Duration.ZERO), "the hint cap PT0S is not above zero");
        assertThat(policy.withMaxAttempts(1).maxAttempts()).isEqualTo(1);
    }

    @Test
    void nothingMayBeNull() {
        RetryPolicy policy = RetryPolicy.defaults();
        missing(() -> policy.withDeadline(null), "deadline");
        missing(() -> policy.withBackOff(null), "newBackOff");
        missing(() -> policy.withHintCap(null), "hint cap");
        missing(() -> policy.withClassifier(null), "newClassifier");
        missing(() -> policy.withResultClassifier(null), "newResultClassifier");
        missing(() -> policy.withBudget(null), "newBudget");
        missing(() -> policy.withListener(null), "listener");
    }

    @Test
    void aPolicyPrintsItsNumbers() {
        assertThat(RetryPolicy.defaults().withBackOff(BackOff.none()))
                .hasToString("RetryPolicy[maxAttempts=3, deadline=none, backOff=Constant[delay=PT0S], hintCap=PT1M,"
                        + " budget=none]");
        assertThat(RetryPolicy.defaults()
                        .withUnlimitedAttempts()
                        .withDeadline(Duration.ofSeconds(2))
                        .withBackOff(BackOff.none())
                        .withBudget(RetryBudget.of(5, 10)))
                .hasToString("RetryPolicy[maxAttempts=unlimited, deadline=PT2S, backOff=Constant[delay=PT0S],"
                        + " hintCap=PT1M, budget=RetryBudget[5 of 5, one for 10 successes]]");
    }

    private static void refused(Runnable attempt, String message) {
        assertThatIllegalArgumentException().isThrownBy(attempt::run).withMessageContaining(message);
    }

    private static void missing(Runnable attempt, String name) {
        assertThatNullPointerException().isThrownBy(attempt::run).withMessage(name);
    }
}

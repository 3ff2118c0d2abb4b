package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuppressionTest {

    private final Exception target = new Exception("target");

    @Test
    void anotherFailureIsSuppressedOnce() {
        Exception other = new Exception();
        Rules.suppress(target, other);
        Rules.suppress(target, other);
        assertThat(target.getSuppressed()).containsExactly(other);
    }

    @Test
    void aFailureIsNotSuppressedInItself() {
        Rules.suppress(target, target);
        assertThat(target).hasNoSuppressedExceptions();
    }

    @Test
    void whatIsInTheTargetAlreadyIsNotAddedAgain() {
        Exception cause = new Exception();
        Exception wrapper = new Exception(new Exception(cause));
        Rules.suppress(wrapper, cause);
        assertThat(wrapper).hasNoSuppressedExceptions();
    }

    @Test
    void whatLeadsToTheTargetIsNotAddedForItWouldMakeACircle() {
        Exception byCause = new Exception(new Exception(target));
        Exception inside = new Exception();
        inside.addSuppressed(byCause);
        Exception bySuppressed = new Exception(inside);
        Rules.suppress(target, byCause);
        Rules.suppress(target, bySuppressed);
        assertThat(target).hasNoSuppressedExceptions();
    }

    @Test
    void aSharedExceptionDoesNotCollectFailuresWithoutEnd() {
        for (int i = 0; i < 500; i++) {
            Rules.suppress(target, new Exception());
        }
        assertThat(target.getSuppressed()).hasSize(100);
    }

    @Test
    void circlesThatAreThereAlreadyAreLeftAlone() {
        Exception a = new Exception();
        Exception b = new Exception(a);
        a.initCause(b);
        Rules.suppress(target, a);
        Rules.suppress(a, target);
        assertThat(target).hasNoSuppressedExceptions();
        assertThat(a).hasNoSuppressedExceptions();
    }
}

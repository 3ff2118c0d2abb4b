package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RetryExhaustedExceptionTest {

    private final Retry retry = new World()
            .retry(RetryPolicy.defaults()
                    .withMaxAttempts(2)
                    .withResultClassifier(ResultClassifier.retryIf(Object.class, it -> true)));

    private final RetryExhaustedException exhausted = assertThatExceptionOfType(RetryExhaustedException.class)
            .isThrownBy(() -> retry.execute(Object::new))
            .actual();

    @Test
    void theAttemptsCannotBeChanged() {
        assertThatThrownBy(() -> exhausted.failures().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theStackTraceIsThatOfTheCause() {
        Retry sending = new World().retry(RetryPolicy.defaults());
        RetryExhaustedException refused = assertThatExceptionOfType(RetryExhaustedException.class)
                .isThrownBy(() -> sending.run(() -> {
                    throw new IOException("refused");
                }))
                .actual();
        assertThat(refused.getStackTrace()).isEmpty();
        StringWriter printed = new StringWriter();
        refused.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString())
                .startsWith(refused.toString())
                .contains(
                        "Caused by: java.io.IOException: refused",
                        "at " + getClass().getName());
    }

    @Test
    void aCauseThatMayNotLeadBackToTheCallIsMadeUpForByAStackTraceOfItsOwn() {
        Retry joining = new World().retry(RetryPolicy.defaults());
        RetryExhaustedException joined = assertThatExceptionOfType(RetryExhaustedException.class)
                .isThrownBy(() -> joining.run(
                        () -> CompletableFuture.failedFuture(new IOException()).join()))
                .actual();
        assertThat(joined).hasCauseInstanceOf(CompletionException.class);
        for (RetryExhaustedException own : new RetryExhaustedException[] {joined, exhausted}) {
            assertThat(own.getStackTrace())
                    .extracting(StackTraceElement::getClassName)
                    .contains(Retry.class.getName(), getClass().getName());
        }
    }

    @Test
    void itCanBeSerialisedEvenIfAResultCannot() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exhausted);
        }
        RetryExhaustedException copy;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            copy = (RetryExhaustedException) in.readObject();
        }
        assertThat(copy).hasMessage(exhausted.getMessage());
        assertThat(copy.operation()).isEqualTo("transfer");
        assertThat(copy.reason()).isEqualTo(StopReason.ATTEMPTS);
        assertThat(copy.attempts()).isEqualTo(2);
        assertThat(copy.elapsed()).isEqualTo(exhausted.elapsed());
        assertThat(copy.failures()).isEmpty();
        assertThat(copy.getSuppressed()).hasSize(1);
        assertThat(copy.getCause())
                .isInstanceOfSatisfying(
                        UnacceptableResultException.class,
                        refusal -> assertThat(refusal.result()).isNull());
        // What comes from far away is as final as what was thrown here.
        Retry other = new World().retry(RetryPolicy.retryAllExcept());
        assertThatThrownBy(() -> other.execute(new Script(copy))).isSameAs(copy);
        assertThatThrownBy(() -> other.execute(new Script(copy.getCause(), new IOException())))
                .isSameAs(copy.getCause());
    }
}

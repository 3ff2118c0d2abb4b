package dev.counterfoil.spi;

import static dev.counterfoil.spi.Verifying.MONEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Period;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a listener is told of the calls that are no updates: of each failed attempt, when it is over, and not with a later call. */
@Timeout(30)
class ListenerReadingsTest {
    private final Told told = new Told();

    private static StoreException lost() {
        return new StoreException(Phase.BODY, Trouble.TRANSIENT, "scripted", null);
    }

    private void assertAttemptWasTold() {
        assertThat(told.kinds())
                .containsExactly(
                        LedgerEvent.AttemptFailed.class, LedgerEvent.Retried.class, LedgerEvent.Answered.class);
    }

    @Test
    void aFailedAttemptOfAPruningIsToldWhenItIsOver() {
        FakeStore store = FakeStore.following().thenPrunes((step, deadline) -> {
            throw lost();
        });
        try (Ledger ledger = new StoreLedger(store, LedgerSettings.defaults().withListener(told))) {
            ledger.prune(Instant.EPOCH);
            assertAttemptWasTold();
        }
    }

    @ParameterizedTest
    @MethodSource("readings")
    void aFailedAttemptOfWhatIsReadIsToldWhenItIsOver(Consumer<Ledger> reading) {
        AtomicBoolean failed = new AtomicBoolean();
        LedgerStore store = failsOnce(LedgerStore.class, Verifying.sound(), failed);
        try (Ledger ledger = new StoreLedger(store, LedgerSettings.defaults().withListener(told))) {
            reading.accept(ledger);
            assertThat(failed).isTrue();
            assertAttemptWasTold();
        }
    }

    static List<Named<Consumer<Ledger>>> readings() {
        Period period = Period.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        return List.of(
                Named.of("verify", ledger -> ledger.verify(VerifyRequest.all())),
                Named.of("trialBalance", Ledger::trialBalance),
                Named.of("asOf a time", ledger -> ledger.asOf(Instant.EPOCH, MONEY)),
                Named.of("asOf a version", ledger -> ledger.asOf(MONEY, 1)),
                Named.of("statement", ledger -> ledger.statement(MONEY, period, entry -> {})),
                Named.of("filtered", ledger -> ledger.history(MONEY, HistoryFilter.all(), PageRequest.first(1))));
    }

    /** Does all that another one does, but the first of the calls that have a deadline fails. */
    private static <T> T failsOnce(Class<T> port, T delegate, AtomicBoolean failed) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> {
            if (args != null && args[args.length - 1] instanceof Deadline && failed.compareAndSet(false, true)) {
                throw lost();
            }
            Object result;
            try {
                result = method.invoke(delegate, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            return result instanceof AuditStore audit ? failsOnce(AuditStore.class, audit, failed) : result;
        }));
    }
}

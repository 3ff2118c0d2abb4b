package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a test tells its ledger to do, it does, and nothing else. */
class TestLedgerTest {
    private static final BalanceId CASH = AccountId.of("client", "7").balance("cash", Unit.of("SAR", 2));

    private final TestLedger ledger = TestLedger.create();

    TestLedgerTest() {
        ledger.apply(Update.of("open").open(CASH).build()).orThrow();
    }

    private static Update add(String key, String amount) {
        return Update.of(key).add(CASH, amount).build();
    }

    private BigDecimal cash() {
        return ledger.read(CASH.account()).balance(CASH);
    }

    private static void assertFate(Fate fate, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.fate()).isEqualTo(fate));
    }

    @Test
    void theClockStandsStillUntilItIsMoved() {
        Instant start = ledger.time();
        assertThat(ledger.apply(add("a", "1.00")).orThrow().recordedAt()).isEqualTo(start);

        ledger.advance(Duration.ofDays(1));
        assertThat(ledger.apply(add("b", "1.00")).orThrow().recordedAt()).isEqualTo(start.plus(Duration.ofDays(1)));

        ledger.setTime(start);
        assertThat(ledger.time()).isEqualTo(start);
        assertThat(ledger.apply(add("c", "1.00")).orThrow().recordedAt())
                .as("recorded times do not go back")
                .isEqualTo(start.plus(Duration.ofDays(1)));
        assertThat(TestLedger.create(Instant.EPOCH).time()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void anAnswerThatIsLostLeavesTheUpdateApplied() {
        ledger.next("a", Injection.answerLost());

        assertThatThrownBy(() -> ledger.apply(add("a", "1.00")))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class, e -> assertThat(e.key()).isEqualTo(Key.of("a")));

        assertThat(cash()).isEqualTo("1.00");
        assertThat(ledger.apply(add("a", "1.00")).orThrow().replayed()).isTrue();
        assertThat(cash()).isEqualTo("1.00");
        assertThat(ledger.sentKeys()).containsExactly(Key.of("open"), Key.of("a"), Key.of("a"));
        ledger.assertNothingLeft();
    }

    @Test
    void aRequestThatIsLostLeavesNothing() {
        ledger.next("a", Injection.requestLost());

        assertFate(Fate.UNKNOWN, () -> ledger.apply(add("a", "1.00")));

        assertThat(cash()).isEqualTo("0.00");
        assertThat(ledger.apply(add("a", "1.00")).orThrow().replayed()).isFalse();
    }

    @Test
    void whatIsInjectedForEachCallStays() {
        ledger.each("a", Injection.notApplied());
        ledger.next("a", Injection.requestLost());

        assertFate(Fate.UNKNOWN, () -> ledger.apply(add("a", "1.00")));
        assertFate(Fate.NOT_APPLIED, () -> ledger.apply(add("a", "1.00")));
        assertFate(Fate.NOT_APPLIED, () -> ledger.apply(add("a", "1.00")));

        assertThat(ledger.find("a")).isEmpty();
        assertThat(ledger.apply(add("b", "1.00"))).isInstanceOf(Applied.class);
        ledger.assertNothingLeft();
    }

    @Test
    void severalForOneKeyComeOneByOne() {
        ledger.next("a", Injection.notApplied());
        ledger.next("a", Injection.answerLost());

        assertFate(Fate.NOT_APPLIED, () -> ledger.apply(add("a", "1.00")));
        assertFate(Fate.UNKNOWN, () -> ledger.apply(add("a", "1.00")));
        assertThat(ledger.apply(add("a", "1.00")).orThrow().replayed()).isTrue();
    }

    @Test
    void aKeyThatNobodyKnowsBeforehandCanBeMetToo() {
        ledger.next(Injection.answerLost());

        assertFate(Fate.UNKNOWN, () -> ledger.apply(add("random-1", "1.00")));

        assertThat(ledger.apply(add("random-2", "1.00"))).isInstanceOf(Applied.class);
    }

    @Test
    void aRefusalIsKeptLikeAnyOther() {
        ledger.next("a", Injection.refused(Reason.CLOSED));

        Outcome refused = ledger.apply(add("a", "1.00"));

        assertThat(refused).isInstanceOfSatisfying(Rejected.WrongState.class, no -> {
            assertThat(no.reason()).isEqualTo(Reason.CLOSED);
            assertThat(no.cell()).isEqualTo(CASH);
            assertThat(no.index()).isZero();
            assertThat(no.recordedAt()).isEqualTo(ledger.time());
            assertThat(no.replayed()).isFalse();
        });
        assertThat(ledger.apply(add("a", "1.00")))
                .isInstanceOfSatisfying(
                        Rejected.WrongState.class,
                        no -> assertThat(no.replayed()).isTrue());
        assertThat(ledger.apply(add("a", "2.00"))).isInstanceOf(KeyReused.class);
        assertThat(cash()).isEqualTo("0.00");
    }

    @Test
    void aRefusalCanHaveDetails() {
        ledger.next(
                "a",
                Injection.refused(context -> new Rejected.OutOfBounds(
                        Reason.BELOW_MINIMUM, context, BigDecimal.ONE, BigDecimal.TEN, BigDecimal.ZERO)));

        assertThat(ledger.apply(add("a", "1.00")))
                .isInstanceOfSatisfying(
                        Rejected.OutOfBounds.class, no -> assertThat(no.after()).isEqualTo(BigDecimal.TEN));
    }

    @Test
    void whatIsDecidedIsNotRefusedAnyMore() {
        ledger.apply(add("a", "1.00"));
        ledger.next("a", Injection.refused(Reason.CLOSED));

        assertThat(ledger.apply(add("a", "1.00")).orThrow().replayed()).isTrue();
    }

    @Test
    void aRefusalThatWouldNotBeKeptIsNotKept() {
        ledger.next("a", Injection.refused(Reason.CLOSED));
        ledger.next("b", Injection.refused(Reason.VERSION_DIFFERS));

        assertThat(ledger.apply(Update.of("a").add(CASH, "1.00").retryable().build()))
                .isInstanceOf(Rejected.class);
        assertThat(ledger.apply(add("b", "1.00"))).isInstanceOf(Rejected.VersionDiffers.class);

        assertThat(ledger.apply(add("a", "1.00"))).isInstanceOf(Applied.class);
        assertThat(ledger.apply(add("b", "1.00"))).isInstanceOf(Applied.class);
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonCanBeInjected(Reason reason) {
        ledger.next("a", Injection.refused(reason));

        assertThat(ledger.apply(add("a", "1.00")))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.reason()).isEqualTo(reason));
        assertThat(ledger.find("a").isPresent()).isEqualTo(reason != Reason.VERSION_DIFFERS);
    }

    @Test
    void aDelayComesBeforeTheUpdateAndAnInterruptEndsIt() {
        ledger.next("a", Injection.delayed(Duration.ofMillis(50)));
        long start = System.nanoTime();
        ledger.apply(add("a", "1.00")).orThrow();
        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());

        ledger.next("b", Injection.delayed(Duration.ofHours(1)));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ledger.apply(add("b", "1.00"))).isInstanceOf(NotAppliedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cash()).isEqualTo("1.00");
    }

    @Test
    void aListIsTriedToItsEndAndEachUpdateMeetsItsOwn() {
        ledger.next("b", Injection.answerLost());
        ledger.next("c", Injection.refused(Reason.CLOSED));
        List<Update> list = List.of(add("a", "1.00"), add("b", "2.00"), add("c", "4.00"), add("d", "8.00"));

        assertThatThrownBy(() -> ledger.applyEach(list)).isInstanceOfSatisfying(BatchException.class, e -> {
            assertThat(e.fate()).isEqualTo(Fate.UNKNOWN);
            assertThat(e.results()).extracting(r -> r.fault().isPresent()).containsExactly(false, true, false, false);
            assertThat(e.results().get(2).outcome()).containsInstanceOf(Rejected.class);
        });

        assertThat(cash()).isEqualTo("11.00");
        List<Outcome> again = ledger.applyEach(list);
        assertThat(again.get(1))
                .isInstanceOfSatisfying(
                        Applied.class, a -> assertThat(a.replayed()).isTrue());
        assertThat(cash()).isEqualTo("11.00");
        assertThat(ledger.sentKeys()).hasSize(9);
    }

    @Test
    void aFutureMeetsIt() {
        ledger.next("a", Injection.notApplied());

        CompletableFuture<Outcome> future = ledger.applyAsync(add("a", "1.00"), Runnable::run);

        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(NotAppliedException.class);
        assertThat(ledger.applyAsync(add("a", "1.00"), Runnable::run).join()).isInstanceOf(Applied.class);
        assertThat(ledger.sentKeys()).containsExactly(Key.of("open"), Key.of("a"), Key.of("a"));
    }

    @Test
    void namespacesAreTroubledApart() {
        TestLedger tenant = ledger.namespace("tenant");
        tenant.next("a", Injection.notApplied());

        assertThat(ledger.apply(add("a", "1.00"))).isInstanceOf(Applied.class);
        assertThatThrownBy(ledger::assertNothingLeft)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a in namespace tenant, next: not applied");
        assertFate(Fate.NOT_APPLIED, () -> tenant.apply(add("a", "1.00")));

        assertThat(tenant.sentKeys()).containsExactly(Key.of("a"));
        tenant.assertNothingLeft();
        assertThat(tenant.time()).isEqualTo(ledger.time());
    }

    @Test
    void whatNoCallCameForIsSaid() {
        ledger.next("never", Injection.answerLost());
        ledger.each("neither", Injection.refused(Reason.CLOSED));
        ledger.next(Injection.delayed(Duration.ofSeconds(2)));

        assertThatThrownBy(ledger::assertNothingLeft)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("never, next: the answer is lost")
                .hasMessageContaining("neither, each: refused with CLOSED")
                .hasMessageContaining("any key, next: delayed by PT2S");
    }

    @Test
    void aDecisionRunsTwiceAndIsAppliedOnce() {
        AtomicInteger mails = new AtomicInteger();

        Outcome outcome = ledger.decide("a", "add", List.of(CASH), now -> {
            mails.incrementAndGet();
            return now.update().add(CASH, "1.00").build();
        });

        assertThat(outcome).isInstanceOf(Applied.class);
        assertThat(mails).as("a mail sent from inside is sent twice").hasValue(2);
        assertThat(cash()).isEqualTo("1.00");
        assertThat(ledger.sentKeys()).endsWith(Key.of("a"));
    }

    @Test
    void aFunctionThatAnswersOtherwiseTheSecondTimeIsFound() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> ledger.decide(
                        "a",
                        "add",
                        List.of(CASH),
                        now -> now.update()
                                .add(CASH, BigDecimal.valueOf(runs.incrementAndGet()))
                                .metadata("m" + runs.get())
                                .build()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not pure")
                .hasMessageContaining("operation 0 was")
                .hasMessageContaining("metadata was m1 and is m2");
        assertThatThrownBy(() -> ledger.decide(
                        "b",
                        "add",
                        List.of(CASH),
                        now -> runs.incrementAndGet() % 2 == 1
                                ? now.decline("NO", "no")
                                : now.update().add(CASH, "1.00").build()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("answer was Decline and is Update");
        assertThatThrownBy(() -> ledger.decide("c", "add", List.of(CASH), now -> {
                    if (runs.incrementAndGet() % 2 == 0) {
                        throw new IllegalStateException("only once");
                    }
                    return now.decline("NO", "no");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("it threw");

        assertThat(List.of(ledger.find("a"), ledger.find("b"), ledger.find("c")))
                .containsOnly(Optional.empty());
        assertThat(cash()).isEqualTo("0.00");
    }

    @Test
    void whatAFunctionThrowsTheFirstTimeIsThrown() {
        assertThatThrownBy(() -> ledger.decide("a", "add", List.of(CASH), now -> {
                    throw new IllegalStateException("its own");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("its own");
    }

    @Test
    void aDecisionMeetsWhatIsInjected() {
        ledger.next("a", Injection.refused(Reason.CLOSED));
        ledger.next("b", Injection.answerLost());

        Outcome refused = ledger.decide(
                "a", "add", List.of(CASH), now -> now.update().add(CASH, "1.00").build());
        assertThat(refused).isInstanceOf(Rejected.WrongState.class);
        assertThat(ledger.decide("a", "add", List.of(CASH), now -> now.decline("NO", "no")))
                .isInstanceOfSatisfying(
                        Rejected.WrongState.class,
                        no -> assertThat(no.replayed()).isTrue());
        assertFate(
                Fate.UNKNOWN,
                () -> ledger.decide(
                        "b",
                        "add",
                        List.of(CASH),
                        now -> now.update().add(CASH, "1.00").build()));
        assertThat(cash()).isEqualTo("1.00");
    }

    @Test
    void readsPruningAndClosingAreThoseOfALedger() {
        ledger.apply(add("a", "1.00"));
        assertThat(ledger.history(CASH, PageRequest.first(10)).items()).hasSize(2);
        ledger.advance(Duration.ofDays(100));
        assertThat(ledger.prune(ledger.time().minus(Duration.ofDays(90)))).isEqualTo(2);
        assertThat(ledger.apply(add("a", "1.00")).orThrow().receipt().pruned()).isTrue();

        ledger.close();

        assertThatThrownBy(() -> ledger.apply(add("b", "1.00"))).isInstanceOf(IllegalStateException.class);
        assertThat(ledger.sentKeys()).as("nothing was sent").doesNotContain(Key.of("b"));
    }
}

package dev.counterfoil.spi;

import static dev.counterfoil.spi.FakeStore.applies;
import static dev.counterfoil.spi.FakeStore.isPermanent;
import static dev.counterfoil.spi.FakeStore.isTransient;
import static dev.counterfoil.spi.FakeStore.isUnknown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Fate;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerEvent.Call;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Period;
import dev.counterfoil.Reason;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.memory.MemoryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener is told of each call. */
@Timeout(30)
class ListenerTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", SAR);
    private static final BalanceId B = AccountId.of("retainer", "43").balance("b", SAR);

    private final Told told = new Told();

    private Ledger inMemory() {
        Ledger ledger = MemoryLedger.builder().listener(told).build();
        ledger.apply(Update.of("open")
                        .open(A, "10.00", Limits.nonNegative())
                        .open(B)
                        .build())
                .orThrow();
        return ledger;
    }

    private Ledger on(FakeStore store, int groupsAtOnce) {
        return new StoreLedger(
                store.groupsAtOnce(groupsAtOnce), LedgerSettings.defaults().withListener(told));
    }

    private static Update update(String key) {
        return Update.of(key).add(A, "1.00").build();
    }

    private LedgerEvent.OfCall last() {
        return told.all(LedgerEvent.OfCall.class)
                .get(told.all(LedgerEvent.OfCall.class).size() - 1);
    }

    @Test
    void anAppliedUpdateIsToldWithItsKeyAndAccountsBehindTheGroupThatAnsweredIt() {
        Ledger ledger = inMemory();
        ledger.apply(Update.of("t").transfer(A, B, "1.00").build());

        LedgerEvent.Context context = last().context();
        assertThat(told.kinds())
                .containsExactly(
                        LedgerEvent.GroupCommitted.class,
                        LedgerEvent.Applied.class,
                        LedgerEvent.GroupCommitted.class,
                        LedgerEvent.Applied.class);
        assertThat(context.call()).isEqualTo(Call.APPLY);
        assertThat(context.key()).isEqualTo(Key.of("t"));
        assertThat(context.accounts()).containsExactly(A.account(), B.account());
        assertThat(context.took()).isPositive();
        assertThat(context.provisional()).isFalse();
        assertThat(told.threads()).containsOnly(Thread.currentThread());
    }

    @Test
    void refusalsRepeatsReusedKeysAndStaleVersionsAreToldApart() {
        Ledger ledger = inMemory();
        Update tooMuch = Update.of("too-much").take(A, "10.01").build();

        ledger.apply(tooMuch);
        assertThat(last())
                .isInstanceOfSatisfying(
                        LedgerEvent.Refused.class, no -> assertThat(no.reason()).isEqualTo(Reason.BELOW_MINIMUM));
        ledger.apply(tooMuch);
        assertThat(last())
                .isInstanceOfSatisfying(
                        LedgerEvent.Replayed.class,
                        again -> assertThat(again.reason()).isEqualTo(Reason.BELOW_MINIMUM));
        ledger.apply(Update.of("too-much").take(A, "1.00").build());
        assertThat(last()).isInstanceOf(LedgerEvent.KeyReused.class);
        ledger.apply(Update.of("stale").requireVersion(A, 7).build());
        assertThat(last()).isInstanceOf(LedgerEvent.Stale.class);
        ledger.apply(update("good"));
        ledger.apply(update("good"));
        assertThat(last())
                .isInstanceOfSatisfying(
                        LedgerEvent.Replayed.class,
                        again -> assertThat(again.reason()).isNull());
    }

    @Test
    void aListIsToldUpdateByUpdateAndThenAsAList() {
        Ledger ledger = inMemory();
        ledger.applyEach(List.of(update("1"), Update.of("2").take(A, "99.00").build(), update("1")));

        assertThat(told.kinds().subList(2, told.kinds().size()))
                .containsExactly(
                        LedgerEvent.GroupCommitted.class,
                        LedgerEvent.Applied.class,
                        LedgerEvent.Refused.class,
                        LedgerEvent.Replayed.class,
                        LedgerEvent.Listed.class);
        assertThat(told.all(LedgerEvent.Listed.class))
                .singleElement()
                .satisfies(list -> assertThat(list.size()).isEqualTo(3))
                .satisfies(list -> assertThat(list.faults()).isZero());
    }

    @Test
    void decidesReadsAndTheirRefusalsAreTold() {
        Ledger ledger = inMemory();
        ledger.decide(
                "d", "take 1", List.of(A), now -> now.update().take(A, "1.00").build());
        assertThat(last()).isInstanceOf(LedgerEvent.Applied.class);
        assertThat(last().context().call()).isEqualTo(Call.DECIDE);
        ledger.decide("no", "take 2", List.of(A), now -> now.decline("NO", "no"));
        assertThat(last())
                .isInstanceOfSatisfying(
                        LedgerEvent.Refused.class, no -> assertThat(no.reason()).isEqualTo(Reason.DECLINED));
        assertThatThrownBy(() -> ledger.decide("x", "x", List.of(A), now -> {
                    throw new IllegalStateException("the function's own");
                }))
                .hasMessage("the function's own");
        assertThat(last())
                .isInstanceOfSatisfying(
                        LedgerEvent.Failed.class,
                        failed -> assertThat(failed.fate()).isEqualTo(Fate.NOT_APPLIED));

        ledger.read(ACCOUNT);
        ledger.history(A, PageRequest.first(1));
        ledger.find("d");
        ledger.accounts("retainer", "", PageRequest.first(1));
        assertThat(told.all(LedgerEvent.Answered.class))
                .extracting(answered -> answered.context().call())
                .containsExactly(Call.READ, Call.HISTORY, Call.FIND, Call.ACCOUNTS);
    }

    @Test
    void whatOperatorsAndAuditorsCallIsToldToo() {
        Ledger ledger = inMemory();
        Period past = Period.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        ledger.asOf(A, 1);
        ledger.asOf(Instant.EPOCH, A);
        ledger.statement(A, past, entry -> {});
        ledger.statement(ACCOUNT, past, entry -> {});
        ledger.trialBalance();
        ledger.verify(VerifyRequest.all());
        ledger.prune(Instant.EPOCH);
        assertThat(told.all(LedgerEvent.Answered.class))
                .extracting(answered -> answered.context().call())
                .containsExactly(
                        Call.AS_OF,
                        Call.AS_OF,
                        Call.STATEMENT,
                        Call.STATEMENT,
                        Call.TRIAL_BALANCE,
                        Call.VERIFY,
                        Call.PRUNE);

        assertThatThrownBy(() -> ledger.restoreFromEntries(Key.of("c"), A, "it is what they say"))
                .isInstanceOf(NotCorrectableException.class);
        assertThat(last()).isInstanceOf(LedgerEvent.Failed.class);
        ledger.acceptObserved(Key.of("d"), A, "7.00", "counted").orThrow();
        assertThat(last()).isInstanceOf(LedgerEvent.Applied.class);
        assertThat(last().context().call()).isEqualTo(Call.CORRECT);
        assertThat(last().context().accounts()).containsExactly(ACCOUNT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void attemptsThatFailAreToldWithWhatFollows(int groupsAtOnce) {
        on(FakeStore.following(isTransient(), isUnknown()), groupsAtOnce).apply(update("u"));

        assertThat(told.kinds())
                .containsExactly(
                        LedgerEvent.AttemptFailed.class,
                        LedgerEvent.Retried.class,
                        LedgerEvent.AttemptFailed.class,
                        LedgerEvent.Retried.class,
                        LedgerEvent.GroupCommitted.class,
                        LedgerEvent.Applied.class);
        assertThat(told.all(LedgerEvent.AttemptFailed.class))
                .containsExactly(
                        new LedgerEvent.AttemptFailed(
                                false,
                                1,
                                new LedgerEvent.Trouble(LedgerEvent.Kind.TRANSIENT, LedgerEvent.Phase.BODY, null)),
                        new LedgerEvent.AttemptFailed(
                                false,
                                2,
                                new LedgerEvent.Trouble(LedgerEvent.Kind.UNKNOWN, LedgerEvent.Phase.COMMIT, null)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFaultIsToldWithItsFateItsAttemptsAndTheDatabasesState(int groupsAtOnce) {
        FakeStore store = FakeStore.following(isTransient()).thenAlways((group, deadline) -> {
            throw new StoreException(
                    StoreException.Phase.BODY, StoreException.Trouble.PERMANENT, "refused", null, "42501");
        });
        assertThatThrownBy(() -> on(store, groupsAtOnce).apply(update("u")))
                .isInstanceOfSatisfying(
                        LedgerException.class,
                        fault -> assertThat(fault.attempts()).isEqualTo(2));

        LedgerEvent.Failed failed = (LedgerEvent.Failed) last();
        assertThat(failed.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(failed.attempts()).isEqualTo(2);
        assertThat(failed.trouble())
                .isEqualTo(new LedgerEvent.Trouble(LedgerEvent.Kind.PERMANENT, LedgerEvent.Phase.BODY, "42501"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aLostAnswerThatStaysLostIsUnknown(int groupsAtOnce) {
        FakeStore store = FakeStore.following(isUnknown()).thenAlways(isPermanent());
        assertThatThrownBy(() -> on(store, groupsAtOnce).apply(update("u"))).isInstanceOf(LedgerException.class);

        assertThat(((LedgerEvent.Failed) last()).fate()).isEqualTo(Fate.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void theSizesOfGroupsSumUpToTheOutcomesAlsoWhereGroupsAreHalved(int groupsAtOnce) {
        FakeStore store = FakeStore.following().thenAlways((group, deadline) -> {
            if (group.stream().anyMatch(r -> r.key().value().equals("u3"))) {
                throw new StoreException(
                        StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST, "one of them", null);
            }
            return applies().take(group, deadline);
        });
        List<Update> all = IntStream.range(0, 8).mapToObj(i -> update("u" + i)).toList();
        assertThatThrownBy(() -> on(store, groupsAtOnce).applyEach(all)).isInstanceOf(LedgerException.class);

        assertThat(told.all(LedgerEvent.GroupCommitted.class).stream()
                        .mapToInt(LedgerEvent.GroupCommitted::size)
                        .sum())
                .isEqualTo(7)
                .isEqualTo(told.all(LedgerEvent.Applied.class).size());
        assertThat(told.all(LedgerEvent.Failed.class)).hasSize(1);
        assertThat(told.all(LedgerEvent.Retried.class)).hasSize(3); // 8, 4 and 2 went again in halves
        assertThat(told.all(LedgerEvent.AttemptFailed.class)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aParkedRequestIsToldOnceWithTheCellsThatItWaitsFor(int groupsAtOnce) {
        CellAddress held = CellAddress.of("", A);
        FakeStore.Step parks = (group, deadline) -> List.of(new Answer.Parked(Set.of(held)));
        on(FakeStore.following(parks, parks), groupsAtOnce).apply(update("u"));

        assertThat(told.all(LedgerEvent.Parked.class))
                .containsExactly(new LedgerEvent.Parked(
                        "", Key.of("u"), List.of(new LedgerEvent.CellName(A.account(), A.name()))));
    }

    @Test
    void anExecutorThatRefusesIsToldAsAFault() {
        CompletableFuture<?> refused = inMemory().applyAsync(update("u"), task -> {
            throw new RejectedExecutionException("full");
        });

        assertThat(refused).isCompletedExceptionally();
        assertThat(last()).isInstanceOf(LedgerEvent.Failed.class);
    }

    @Test
    void whatIsInFlightQueuedAndParkedCanBeAskedAtAnyTime() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        FakeStore store = FakeStore.following((group, deadline) -> {
            sent.countDown();
            await(answer);
            return applies().take(group, deadline);
        });
        Ledger ledger = on(store, 1);
        var gauges = told.gauges().get(0);
        // The common pool may have but one thread.
        Executor own = task -> new Thread(task).start();
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> ledger.apply(update("1")), own);
        sent.await();
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> ledger.apply(update("2")), own);
        while (gauges.queued() < 1) {
            Thread.onSpinWait();
        }
        assertThat(gauges.inFlight()).isEqualTo(2);
        assertThat(gauges.parked()).isZero();
        answer.countDown();
        CompletableFuture.allOf(first, second).get(20, TimeUnit.SECONDS);

        assertThat(gauges.inFlight()).isZero();
        assertThat(gauges.queued()).isZero();
        ledger.close();
        assertThat(told.gauges()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aClockThatLiesBehindIsTold() {
        var clock = new java.util.concurrent.atomic.AtomicReference<>(java.time.Instant.parse("2026-01-01T00:00:00Z"));
        Ledger ledger = MemoryLedger.builder().listener(told).clock(clock::get).build();
        ledger.apply(Update.of("open").open(A).build());
        clock.set(java.time.Instant.parse("2025-12-31T23:59:00Z"));
        ledger.apply(update("1"));
        ledger.apply(update("2"));

        assertThat(told.all(LedgerEvent.ClockSkew.class))
                .containsExactly(new LedgerEvent.ClockSkew(Duration.ofMinutes(1)));
    }

    @ParameterizedTest
    @EnumSource
    void everyTroubleOfAStoreHasAWord(StoreException.Trouble trouble) {
        for (StoreException.Phase phase : StoreException.Phase.values()) {
            assertThat(Troubles.of(new StoreException(phase, trouble, "", null)))
                    .isNotNull();
        }
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.DecideView;
import dev.counterfoil.Entry;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a decide does where somebody changes what its function read. */
abstract class StaleReadsContract extends ContractPart {
    StaleReadsContract(LedgerContract store) {
        super(store);
    }

    @Test
    void whatTheFunctionThrowsUnderTheLocksChangesNothingAndFreesThem() {
        openAccount();
        AtomicInteger runs = new AtomicInteger();
        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.decide("broken", "r", DecideContract.CELLS, now -> {
                    if (runs.incrementAndGet() == 1) {
                        meanwhile(Update.of("first").add(AVAILABLE, "1.00"));
                        return DecideContract.pay(now, amount("1.00"));
                    }
                    throw new IllegalStateException("mine");
                }))
                .withMessage("mine");

        assertThat(runs).hasValue(2);
        assertThat(ledger.find("broken")).isEmpty();
        applied(update().add(AVAILABLE, "1.00"));
        assertThat(available()).isEqualTo("1002.00");
    }

    @Test
    void theFunctionRunsAgainWhereWhatItReadHasChanged() {
        openAccount();
        List<String> seen = new ArrayList<>();
        Applied applied = ledger.decide("pay", "all", DecideContract.CELLS, now -> {
                    seen.add(now.balance(AVAILABLE).toPlainString());
                    if (seen.size() == 1) {
                        meanwhile(Update.of("first").take(AVAILABLE, "300.00"));
                    }
                    return DecideContract.pay(now, now.balance(AVAILABLE));
                })
                .orThrow();

        assertThat(seen).containsExactly("1000.00", "700.00");
        assertThat(applied.receipt().balance(AVAILABLE)).isEqualTo("0.00");
        books();
    }

    @Test
    void aChangeOfACellThatWasOnlyReadCountsAndSoDoesOneThatWasUndone() {
        openAccount();
        AtomicInteger runs = new AtomicInteger();
        ledger.decide("pay", "while active", DecideContract.CELLS, now -> {
                    if (runs.incrementAndGet() == 1) {
                        meanwhile(Update.of("there").compareAndSet(STATUS, "ACTIVE", "PAUSED"));
                        meanwhile(Update.of("and back").compareAndSet(STATUS, "PAUSED", "ACTIVE"));
                    }
                    assertThat(now.register(STATUS)).isEqualTo("ACTIVE");
                    return now.update().take(AVAILABLE, "1.00").build();
                })
                .orThrow();
        assertThat(runs).hasValue(2);
    }

    @Test
    void aCellThatAppearsMeanwhileCounts() {
        openAccount();
        List<Boolean> there = new ArrayList<>();
        Outcome outcome = ledger.decide("d", "while it is not there", List.of(AVAILABLE, OTHER), now -> {
            there.add(now.find(OTHER).isPresent());
            if (there.size() == 1) {
                meanwhile(Update.of("first").open(OTHER));
            }
            return now.find(OTHER).isPresent()
                    ? now.decline("THERE", "")
                    : now.update().take(AVAILABLE, "1.00").build();
        });

        refusal(Rejected.Declined.class, Reason.DECLINED, outcome);
        assertThat(there).containsExactly(false, true);
        assertThat(available()).isEqualTo("1000.00");
    }

    @Test
    void aDeclineOnWhatHasChangedIsThoughtOverAgain() {
        openAccount();
        Outcome outcome = ledger.decide("pay", "2000", DecideContract.CELLS, now -> {
            if (ledgerIsUntouched(now)) {
                meanwhile(Update.of("top up").add(AVAILABLE, "5000.00"));
            }
            return DecideContract.pay(now, amount("2000.00"));
        });
        assertThat(outcome).isInstanceOf(Applied.class);
    }

    private static boolean ledgerIsUntouched(DecideView now) {
        return now.find(AVAILABLE).orElseThrow().version() == 1;
    }

    @Test
    void aKeyThatIsDecidedMeanwhileIsReplayed() {
        openAccount();
        AtomicInteger runs = new AtomicInteger();
        Outcome outcome = ledger.decide("pay", "pay 1.00", DecideContract.CELLS, now -> {
            runs.incrementAndGet();
            try {
                Crowd.ask(
                                1,
                                i -> () -> ledger.decide(
                                        "pay",
                                        "pay 1.00",
                                        DecideContract.CELLS,
                                        n -> DecideContract.pay(n, amount("1.00"))))
                        .get(0)
                        .orThrow();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return DecideContract.pay(now, amount("1.00"));
        });

        assertThat(outcome.orThrow().replayed()).isTrue();
        assertThat(runs).hasValue(1);
        assertThat(available()).isEqualTo("999.00");
    }

    @Test
    void ofManyThatDecideOnTheLastMoneyOneGetsIt() throws Exception {
        applied(update().open(AVAILABLE, "5.00", Limits.none())
                .open(STATUS, "0")
                .open(USAGE));
        List<Outcome> outcomes = Crowd.ask(
                8,
                i -> () -> ledger.decide(
                        "pay-" + i,
                        "pay 1.00",
                        List.of(AVAILABLE),
                        now -> now.balance(AVAILABLE).signum() > 0
                                ? now.update().take(AVAILABLE, "1.00").build()
                                : now.decline("EMPTY", "")));

        assertThat(outcomes).filteredOn(Applied.class::isInstance).hasSize(5);
        assertThat(outcomes).filteredOn(Rejected.Declined.class::isInstance).hasSize(3);
        assertThat(available()).isEqualTo("0.00");
        books();
    }

    @Test
    void itEndsAgainst32CallersOfTheSameCellAndNeverDecidesOnStaleReads() throws Exception {
        int callers = 32;
        int decisions = 8;
        openAccount();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger plain = new AtomicInteger();
        Callable<Integer> decider = () -> {
            try {
                for (int i = 0; i < decisions; i++) {
                    // Every other one lets so many finish after its first read that some of them began after it.
                    AtomicBoolean overtaken = new AtomicBoolean(i % 2 == 0);
                    ledger.decide("decide-" + i, "double", List.of(AVAILABLE, USAGE), now -> {
                                BigDecimal seen = now.balance(AVAILABLE);
                                if (!overtaken.getAndSet(true)) {
                                    awaitMore(plain, callers + 1);
                                }
                                return now.update()
                                        .append(USAGE, seen.toPlainString())
                                        .add(AVAILABLE, seen)
                                        .build();
                            })
                            .orThrow();
                }
            } finally {
                done.set(true);
            }
            return decisions;
        };
        Callable<Integer> caller = () -> {
            while (!done.get()) {
                applied(update().add(AVAILABLE, "0.01"));
                plain.incrementAndGet();
            }
            return 0;
        };
        Crowd.ask(callers + 1, n -> n == 0 ? decider : caller);

        Books books = books();
        List<Entry> doubled = books.entriesOf(AVAILABLE).stream()
                .filter(entry -> entry.key().value().startsWith("decide-"))
                .toList();
        List<Entry> records = books.entriesOf(USAGE);
        assertThat(doubled).hasSize(decisions);
        for (int i = 0; i < decisions; i++) {
            BalanceEntry entry = (BalanceEntry) doubled.get(i);
            String seen = ((JournalEntry) records.get(i + 1)).payload();
            assertThat(entry.after().subtract(entry.delta()))
                    .as("what it changed")
                    .isEqualTo(seen);
        }
    }

    private static void awaitMore(AtomicInteger count, int more) {
        int before = count.get();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Crowd.PATIENCE_SECONDS);
        while (count.get() < before + more && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}

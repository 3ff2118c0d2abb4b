package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.EntryType;
import dev.counterfoil.Finding;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Limits;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.StoreLedger;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Cells that somebody changed behind the ledger's back, and what corrections make of them. */
class MemoryCorrectionTest {
    private static final AccountId A = AccountId.of("acc", "a");
    private static final BalanceId MONEY = A.balance("money", Unit.of("SAR", 2));
    private static final RegisterId STATUS = A.register("status");
    private static final JournalId LOG = A.journal("log");

    private final MemoryStore store = new MemoryStore(InstantSource.system());
    private final StoreLedger ledger = new StoreLedger(store, LedgerSettings.defaults());
    private final AtomicInteger keys = new AtomicInteger();

    MemoryCorrectionTest() {
        apply(update().open(MONEY, "100.00", Limits.nonNegative())
                .open(STATUS, "NEW")
                .open(LOG));
        apply(update().take(MONEY, "20.00").compareAndSet(STATUS, "NEW", "PAID").append(LOG, "one"));
        apply(update().take(MONEY, "30.00"));
    }

    private Update.Builder update() {
        return Update.of("u" + keys.incrementAndGet());
    }

    private Applied apply(Update.Builder update) {
        return ledger.apply(update.build()).orThrow();
    }

    private CellSlot slot(CellId cell) {
        return store.space("").cell(CellAddress.of("", cell));
    }

    private void money(String amount) {
        Balance b = (Balance) slot(MONEY).cell;
        slot(MONEY).cell = new Balance(
                MONEY, new BigDecimal(amount), b.limits(), b.version(), b.closed(), b.lastUpdate(), b.lastRecordedAt());
    }

    private Balance money() {
        return ledger.read(A).find(MONEY).orElseThrow();
    }

    private List<String> found() {
        return ledger.verify(VerifyRequest.all()).first().stream()
                .map(Finding::toString)
                .toList();
    }

    private Outcome restore(String key, CellId cell) {
        return ledger.restoreFromEntries(Key.of(key), cell, "a script went wrong");
    }

    @Test
    void aBalanceIsSetBackToItsEntriesByOneMoreEntryThatHoldsTheReason() {
        money("1000.00");
        assertThat(found()).containsExactly("CELL_DIFFERS acc/a:money");

        Applied applied = restore("fix", MONEY).orThrow();
        assertThat(applied.replayed()).isFalse();
        assertThat(applied.receipt().metadata()).isEqualTo("a script went wrong");
        assertThat(applied.receipt().balance(MONEY)).isEqualTo("50.00");
        assertThat(money().amount()).isEqualTo("50.00");
        assertThat(money().version()).isEqualTo(4);
        assertThat(money().lastUpdate()).isEqualTo(Key.of("fix"));
        BalanceEntry last = ledger.history(MONEY, PageRequest.first(10)).items().get(3);
        assertThat(last.type()).isEqualTo(EntryType.RESTORE);
        assertThat(last.delta()).isEqualTo("0.00");
        assertThat(last.after()).isEqualTo("50.00");
        assertThat(last.forced()).isEqualTo("a script went wrong");
        assertThat(found()).isEmpty();

        assertThat(restore("fix", MONEY)).as("the repeat").isInstanceOfSatisfying(Applied.class, again -> {
            assertThat(again.replayed()).isTrue();
            assertThat(again.receipt()).isEqualTo(applied.receipt());
        });
        assertThat(ledger.restoreFromEntries(Key.of("fix"), MONEY, "another reason"))
                .isInstanceOf(KeyReused.class);
        assertThat(ledger.find("fix")).isPresent();
        apply(update().take(MONEY, "50.00"));
        assertThat(ledger.apply(update().take(MONEY, "0.01").build()))
                .isInstanceOfSatisfying(
                        Rejected.class, no -> assertThat(no.reason()).isEqualTo(Reason.BELOW_MINIMUM));
        assertThat(found()).isEmpty();
    }

    @Test
    void aRegisterAndAJournalAreSetBackToo() {
        Register r = (Register) slot(STATUS).cell;
        slot(STATUS).cell = new Register(STATUS, "FREE", 2, true, r.lastUpdate(), r.lastRecordedAt());
        Journal j = (Journal) slot(LOG).cell;
        slot(LOG).cell = new Journal(LOG, 17, 2, false, j.lastUpdate(), j.lastRecordedAt());
        assertThat(found()).hasSize(2);
        assertThat(restore("r", STATUS).orThrow().receipt().register(STATUS)).isEqualTo("PAID");
        assertThat(restore("j", LOG).orThrow().receipt().count(LOG)).isEqualTo(1);
        assertThat(found()).isEmpty();
        apply(update().compareAndSet(STATUS, "PAID", "DONE").append(LOG, "two"));
        assertThat(ledger.history(STATUS, PageRequest.first(9)).items().get(2).forced())
                .isEqualTo("a script went wrong");
        assertThat(ledger.history(LOG, PageRequest.first(9)).items().get(2).forced())
                .isEqualTo("a script went wrong");
        assertThat(found()).isEmpty();
    }

    @Test
    void aRowThatWasSetBackIsMadeTheLastAgain() {
        Cell before = slot(MONEY).cell;
        apply(update().take(MONEY, "1.00"));
        apply(update().take(MONEY, "1.00"));
        slot(MONEY).cell = before;
        assertThat(found()).containsExactly("CELL_DIFFERS acc/a:money");
        restore("fix", MONEY).orThrow();
        assertThat(money().amount()).isEqualTo("48.00");
        assertThat(money().version()).isEqualTo(6);
        assertThat(found()).isEmpty();
    }

    @Test
    void whatTheLedgerDidOnAWrongRowIsCountedByItsChange() {
        money("1000.00");
        apply(update().take(MONEY, "500.00"));
        assertThat(found()).containsExactlyInAnyOrder("AFTER_DIFFERS acc/a:money #4", "CELL_DIFFERS acc/a:money");
        restore("fix", MONEY).orThrow();
        assertThat(money().amount())
                .as("below its limit, which does not bind it")
                .isEqualTo("-450.00");
        assertThat(found()).as("the entry stays as it is").containsExactly("AFTER_DIFFERS acc/a:money #4");
        apply(update().add(MONEY, "1.00"));
        assertThat(found()).hasSize(1);
    }

    @Test
    void whatWasCountedInTheWorldIsAcceptedAndTheEntriesAgreeAgain() {
        money("70.00");
        assertThat(ledger.acceptObserved(Key.of("count"), MONEY, "70.00", "counted")
                        .orThrow()
                        .receipt()
                        .balance(MONEY))
                .isEqualTo("70.00");
        BalanceEntry last = ledger.history(MONEY, PageRequest.first(10)).items().get(3);
        assertThat(last.type()).isEqualTo(EntryType.ACCEPT);
        assertThat(last.delta()).isEqualTo("20.00");
        assertThat(found()).isEmpty();
    }

    @Test
    void damagedEntriesAreRefusedAndNothingChanges() {
        money("1000.00");
        slot(MONEY).entries.remove(1);
        List<String> before = found();
        NotCorrectableException e = catchThrowableOfType(NotCorrectableException.class, () -> restore("fix", MONEY));
        assertThat(e.findings().stream().map(Finding::toString)).containsExactly("SEQUENCE_GAP acc/a:money #2");
        assertThat(money().amount()).isEqualTo("1000.00");
        assertThat(ledger.find("fix")).isEmpty();
        assertThat(found()).isEqualTo(before);
    }

    @Test
    void ofManyWhoCorrectAtOnceOneDoesAndTheSameKeyIsAnsweredTheSame() throws Exception {
        for (int round = 0; round < 20; round++) {
            money("1000.00");
            String key = "same" + round;
            List<Object> same =
                    atOnce(8, i -> () -> restore(key, MONEY).orThrow().receipt());
            assertThat(same).hasSize(8).containsOnly(same.get(0)).noneMatch(NotCorrectableException.class::isInstance);
            money("1000.00");
            List<Object> others = atOnce(8, i -> () -> restore(key + "/" + i, MONEY));
            assertThat(others.stream().filter(Applied.class::isInstance)).hasSize(1);
            assertThat(others.stream().filter(NotCorrectableException.class::isInstance))
                    .hasSize(7);
            assertThat(found()).isEmpty();
        }
    }

    @Test
    void correctionsBesideWritersLoseNothing() throws Exception {
        atOnce(5, i -> () -> {
                    for (int n = 0; n < 300; n++) {
                        if (i == 0) {
                            ledger.acceptObserved(Key.of("accept" + n), MONEY, n + ".00", "counted")
                                    .orThrow();
                        } else {
                            apply(update().add(MONEY, "1.00"));
                        }
                    }
                    return i;
                })
                .forEach(done -> assertThat(done).isInstanceOf(Integer.class));
        assertThat(money().version()).isEqualTo(3 + 300 + 4 * 300);
        assertThat(found()).isEmpty();
    }

    private interface Task {
        Callable<Object> of(int number);
    }

    private static List<Object> atOnce(int threads, Task task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Object>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Callable<Object> one = task.of(i);
                futures.add(pool.submit(() -> {
                    try {
                        return one.call();
                    } catch (NotCorrectableException e) {
                        return e;
                    }
                }));
            }
            List<Object> results = new ArrayList<>();
            for (Future<Object> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}

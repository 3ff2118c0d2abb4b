package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every part of the contract starts from: an empty ledger, one account with a cell of each kind, and short words. */
abstract class ContractPart {
    static final String KIND = "retainer";
    static final Unit SAR = Unit.of("SAR", 2);
    static final Unit POINTS = Unit.of("points", 0);
    static final AccountId ACCOUNT = AccountId.of(KIND, "42");
    static final BalanceId AVAILABLE = ACCOUNT.balance("available", SAR);
    static final RegisterId STATUS = ACCOUNT.register("status");
    static final JournalId USAGE = ACCOUNT.journal("usage");

    /** A balance of another account, which nothing opens unasked. */
    static final BalanceId OTHER = AccountId.of(KIND, "43").balance("available", SAR);

    /** The key that {@link #openAccount} opened the account with. */
    static final String OPENING = "opening";

    private final LedgerContract store;
    private final List<Ledger> opened = new ArrayList<>();
    private final AtomicInteger keys = new AtomicInteger();

    /** On a new store for each test. */
    Ledger ledger;

    @SuppressWarnings("NullAway.Init") // set before each test
    ContractPart(LedgerContract store) {
        this.store = store;
    }

    @BeforeEach
    void openLedger() {
        ledger = open(LedgerSettings.defaults());
    }

    @AfterEach
    void closeLedgers() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** A ledger on another new store. */
    final Ledger open(LedgerSettings settings) {
        Ledger made = store.open(settings);
        opened.add(made);
        return made;
    }

    /** A ledger on another new store, whose calls do not wait for long. */
    final Ledger openWithTimeout(Duration timeout) {
        return open(LedgerSettings.defaults().withTimeout(timeout));
    }

    /** A ledger on another new store, with a clock to set; skips the test where the store's clock cannot be set. */
    final Ledger openWithClock(InstantSource clock) {
        Ledger made = store.open(LedgerSettings.defaults(), clock);
        opened.add(made);
        return made;
    }

    /** Another ledger on the store opened last; skips the test where the store lives in one ledger only. */
    final Ledger openAgain(LedgerSettings settings) {
        Ledger made = store.openAgain(settings);
        opened.add(made);
        return made;
    }

    /** Opens a balance of 1000.00 that stays above zero, a register ACTIVE and a journal. */
    final Applied openAccount() {
        return applied(Update.of(OPENING)
                .open(AVAILABLE, "1000.00", Limits.nonNegative())
                .open(STATUS, "ACTIVE")
                .open(USAGE));
    }

    /** A key that no other call has. */
    final String fresh() {
        return "key-" + keys.incrementAndGet();
    }

    /** Begins an update under a key that no other has. */
    final Update.Builder update() {
        return Update.of(fresh());
    }

    /** Applies what must be applied, for the first time. */
    final Applied applied(Update.Builder update) {
        return applied(ledger, update);
    }

    static Applied applied(Ledger ledger, Update.Builder update) {
        Applied applied = ledger.apply(update.build()).orThrow();
        assertThat(applied.replayed()).as("replayed").isFalse();
        return applied;
    }

    /** Applies what must be refused for this reason, for the first time, and checks that no cell or entry changed. */
    final <T extends Rejected> T refused(Class<T> type, Reason reason, Update.Builder update) {
        Books before = books();
        T refusal = refusal(type, reason, ledger.apply(update.build()));
        assertThat(refusal.replayed()).as("replayed").isFalse();
        assertThat(books()).as("cells and entries").isEqualTo(before);
        return refusal;
    }

    /** As {@link #refused(Class, Reason, Update.Builder)}, with the operation and the cell that must be named. */
    final <T extends Rejected> T refusedAt(
            int index, @Nullable CellId cell, Class<T> type, Reason reason, Update.Builder update) {
        T refusal = refused(type, reason, update);
        assertThat(refusal.index()).as("index").isEqualTo(index);
        assertThat(refusal.cell()).as("cell").isEqualTo(cell);
        return refusal;
    }

    static <T extends Rejected> T refusal(Class<T> type, Reason reason, Outcome outcome) {
        assertThat(outcome).isInstanceOf(type);
        T refusal = type.cast(outcome);
        assertThat(refusal.reason()).isEqualTo(reason);
        return refusal;
    }

    /** Changes something while a decide function runs, from another thread: this one may not call. */
    final void meanwhile(Update.Builder update) {
        Update built = update.build();
        try {
            Crowd.ask(1, i -> () -> ledger.apply(built).orThrow());
        } catch (Exception e) {
            throw new AssertionError("a first run holds no lock", e);
        }
    }

    /** What the ledger holds in accounts of {@link #KIND}; each cell is the fold of its entries. */
    final Books books() {
        return books(ledger);
    }

    static Books books(Ledger ledger) {
        return Books.of(ledger, List.of(KIND)).audited();
    }

    final BigDecimal available() {
        return ledger.read(ACCOUNT).balance(AVAILABLE);
    }

    static BigDecimal amount(String text) {
        return new BigDecimal(text);
    }
}

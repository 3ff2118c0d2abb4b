package dev.counterfoil.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluatorTest {
    private static final Instant NOW = Instant.parse("2024-01-01T00:00:00.000001Z");
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", SAR);
    private static final BalanceId B = ACCOUNT.balance("b", SAR);
    private static final BalanceId HUGE = ACCOUNT.balance("huge", SAR);
    private static final BalanceId CLOSED = ACCOUNT.balance("closed", SAR);
    private static final BalanceId NONE = ACCOUNT.balance("none", SAR);
    private static final RegisterId STATUS = ACCOUNT.register("status");
    private static final RegisterId SHUT = ACCOUNT.register("shut");
    private static final JournalId LOG = ACCOUNT.journal("log");
    private static final JournalId FULL = ACCOUNT.journal("full");
    private static final String GREATEST = "9".repeat(36) + ".99";

    /** What is there when each case begins: a is 100.00 within 0 to 500, b is -10.00 without limits, and so on. */
    private static final Map<String, Cell> STORED = stored();

    private static Map<String, Cell> stored() {
        Map<String, Cell> cells = new HashMap<>();
        apply(
                cells,
                Update.of("setup")
                        .open(A, "100.00", Limits.between("0", "500"))
                        .open(B, "-10.00", Limits.none())
                        .open(HUGE, GREATEST, Limits.none())
                        .open(CLOSED)
                        .close(CLOSED)
                        .open(STATUS, "ACTIVE")
                        .open(SHUT, "x")
                        .close(SHUT)
                        .open(LOG)
                        .open(FULL)
                        .close(FULL)
                        .build());
        return Map.copyOf(cells);
    }

    private static Evaluator.Result evaluate(Map<String, Cell> cells, Update update) {
        return Evaluator.evaluate(update, new ChangedCells(id -> cells.get(id.name())), NOW);
    }

    private static Evaluator.Result.Allowed apply(Map<String, Cell> cells, Update update) {
        ChangedCells working = new ChangedCells(id -> cells.get(id.name()));
        Evaluator.Result.Allowed allowed = (Evaluator.Result.Allowed) Evaluator.evaluate(update, working, NOW);
        working.all().forEach(cell -> cells.put(cell.id().name(), cell));
        return allowed;
    }

    /** Operations that are refused: with which reason, at which of them, at which cell. */
    private record Refusal(
            String operations, UnaryOperator<Update.Builder> update, Reason reason, int index, CellId at) {
        @Override
        public String toString() {
            return operations + ": " + reason;
        }
    }

    static Stream<Refusal> refusals() {
        BalanceId wrongUnit = ACCOUNT.balance("a", Unit.of("USD", 2));
        BalanceId wrongScale = ACCOUNT.balance("a", Unit.of("SAR", 3));
        BalanceId noBalance = ACCOUNT.balance("status", SAR);
        RegisterId noRegister = ACCOUNT.register("a");
        JournalId noJournal = ACCOUNT.journal("a");
        return Stream.of(
                new Refusal("open what is there", u -> u.open(A), Reason.ALREADY_EXISTS, 0, A),
                new Refusal("open what is closed", u -> u.open(CLOSED), Reason.ALREADY_EXISTS, 0, CLOSED),
                new Refusal("open as another kind", u -> u.open(noRegister, ""), Reason.ALREADY_EXISTS, 0, noRegister),
                new Refusal("open twice", u -> u.open(NONE).open(NONE), Reason.ALREADY_EXISTS, 1, NONE),
                new Refusal(
                        "openIfAbsent, other kind", u -> u.openIfAbsent(noJournal), Reason.WRONG_KIND, 0, noJournal),
                new Refusal(
                        "openIfAbsent, other unit", u -> u.openIfAbsent(wrongUnit), Reason.UNIT_DIFFERS, 0, wrongUnit),
                new Refusal("openIfAbsent, closed", u -> u.openIfAbsent(CLOSED), Reason.CLOSED, 0, CLOSED),
                new Refusal("openIfAbsent, closed register", u -> u.openIfAbsent(SHUT, "x"), Reason.CLOSED, 0, SHUT),
                new Refusal("openIfAbsent, closed journal", u -> u.openIfAbsent(FULL), Reason.CLOSED, 0, FULL),
                new Refusal("add to nothing", u -> u.add(NONE, "1"), Reason.NOT_FOUND, 0, NONE),
                new Refusal("add before open", u -> u.add(NONE, "1").open(NONE), Reason.NOT_FOUND, 0, NONE),
                new Refusal("add to a register", u -> u.add(noBalance, "1"), Reason.WRONG_KIND, 0, noBalance),
                new Refusal("add another unit", u -> u.add(wrongUnit, "1"), Reason.UNIT_DIFFERS, 0, wrongUnit),
                new Refusal("add another scale", u -> u.add(wrongScale, "1"), Reason.UNIT_DIFFERS, 0, wrongScale),
                new Refusal("add to closed", u -> u.add(CLOSED, "1"), Reason.CLOSED, 0, CLOSED),
                new Refusal("take too much", u -> u.take(A, "100.01"), Reason.BELOW_MINIMUM, 0, A),
                new Refusal("add too much", u -> u.add(A, "400.01"), Reason.ABOVE_MAXIMUM, 0, A),
                new Refusal("debit before credit", u -> u.take(A, "150").add(A, "60"), Reason.BELOW_MINIMUM, 0, A),
                new Refusal("second take", u -> u.take(A, "60").take(A, "60"), Reason.BELOW_MINIMUM, 1, A),
                new Refusal("overflow", u -> u.add(HUGE, "0.01"), Reason.OVERFLOW, 0, HUGE),
                new Refusal("overflow by force", u -> u.add(HUGE, "0.01").force("f"), Reason.OVERFLOW, 0, HUGE),
                new Refusal("overflow downwards", u -> u.take(B, GREATEST), Reason.OVERFLOW, 0, B),
                new Refusal("overflow past a maximum", u -> u.add(A, GREATEST), Reason.OVERFLOW, 0, A),
                new Refusal(
                        "set from nothing",
                        u -> u.compareAndSet(ACCOUNT.register("none"), "a", "b"),
                        Reason.NOT_FOUND,
                        0,
                        ACCOUNT.register("none")),
                new Refusal(
                        "set from another text",
                        u -> u.compareAndSet(STATUS, "active", "b"),
                        Reason.VALUE_DIFFERS,
                        0,
                        STATUS),
                new Refusal(
                        "set twice",
                        u -> u.compareAndSet(STATUS, "ACTIVE", "b").compareAndSet(STATUS, "ACTIVE", "c"),
                        Reason.VALUE_DIFFERS,
                        1,
                        STATUS),
                new Refusal(
                        "set a balance", u -> u.compareAndSet(noRegister, "a", "b"), Reason.WRONG_KIND, 0, noRegister),
                new Refusal("set closed", u -> u.compareAndSet(SHUT, "x", "y"), Reason.CLOSED, 0, SHUT),
                new Refusal(
                        "append to nothing",
                        u -> u.append(ACCOUNT.journal("none"), ""),
                        Reason.NOT_FOUND,
                        0,
                        ACCOUNT.journal("none")),
                new Refusal("append to a balance", u -> u.append(noJournal, ""), Reason.WRONG_KIND, 0, noJournal),
                new Refusal("append to closed", u -> u.append(FULL, ""), Reason.CLOSED, 0, FULL),
                new Refusal("at least more", u -> u.requireAtLeast(A, "100.01"), Reason.BELOW_REQUIRED, 0, A),
                new Refusal(
                        "at least, after", u -> u.take(A, "1").requireAtLeast(A, "100"), Reason.BELOW_REQUIRED, 1, A),
                new Refusal("at most less", u -> u.requireAtMost(A, "99.99"), Reason.ABOVE_REQUIRED, 0, A),
                new Refusal("at most of closed", u -> u.requireAtMost(CLOSED, "1"), Reason.CLOSED, 0, CLOSED),
                new Refusal("value differs", u -> u.requireValue(STATUS, ""), Reason.VALUE_DIFFERS, 0, STATUS),
                new Refusal("version differs", u -> u.requireVersion(A, 2), Reason.VERSION_DIFFERS, 0, A),
                new Refusal("version after", u -> u.add(A, "1").requireVersion(A, 1), Reason.VERSION_DIFFERS, 1, A),
                new Refusal("version of nothing", u -> u.requireVersion(NONE, 1), Reason.NOT_FOUND, 0, NONE),
                new Refusal("not there", u -> u.requireOpen(NONE), Reason.NOT_FOUND, 0, NONE),
                new Refusal("closed", u -> u.requireOpen(CLOSED), Reason.CLOSED, 0, CLOSED),
                new Refusal("limits of closed", u -> u.setLimits(CLOSED, Limits.none()), Reason.CLOSED, 0, CLOSED),
                new Refusal("limits of nothing", u -> u.setLimits(NONE, Limits.none()), Reason.NOT_FOUND, 0, NONE),
                new Refusal("close money", u -> u.close(A), Reason.NOT_ZERO, 0, A),
                new Refusal("close debt", u -> u.close(B), Reason.NOT_ZERO, 0, B),
                new Refusal("close twice", u -> u.close(CLOSED), Reason.CLOSED, 0, CLOSED),
                new Refusal("close nothing", u -> u.close(NONE), Reason.NOT_FOUND, 0, NONE),
                new Refusal("use after close", u -> u.close(LOG).append(LOG, ""), Reason.CLOSED, 1, LOG),
                new Refusal("reopen what is open", u -> u.reopen(STATUS), Reason.NOT_CLOSED, 0, STATUS),
                new Refusal("reopen nothing", u -> u.reopen(NONE), Reason.NOT_FOUND, 0, NONE),
                new Refusal(
                        "reopen as another kind",
                        u -> u.reopen(ACCOUNT.balance("shut", SAR)),
                        Reason.WRONG_KIND,
                        0,
                        ACCOUNT.balance("shut", SAR)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void an_operation_that_is_not_allowed_is_refused_at_its_own_step(Refusal expected) {
        Update update = expected.update().apply(Update.of("k")).build();
        Rejected refusal = ((Evaluator.Result.Refused) evaluate(STORED, update)).refusal();
        assertThat(refusal.reason()).isEqualTo(expected.reason());
        assertThat(refusal.index()).isEqualTo(expected.index());
        assertThat(refusal.cell()).isEqualTo(expected.at());
        assertThat(refusal.key()).isEqualTo(Key.of("k"));
        assertThat(refusal.recordedAt()).isEqualTo(NOW);
        assertThat(refusal.replayed()).isFalse();
        boolean sawSomething = expected.reason() != Reason.NOT_FOUND;
        String last = expected.index() == 0 ? "setup" : "k";
        assertThat(refusal.decidedBy()).isEqualTo(sawSomething ? Key.of(last) : null);
    }

    /** Operations that are allowed, and what they leave. */
    private record Allowed(String operations, UnaryOperator<Update.Builder> update, BalanceId cell, String after) {
        @Override
        public String toString() {
            return operations;
        }
    }

    static Stream<Allowed> allowed() {
        return Stream.of(
                new Allowed("take down to the minimum", u -> u.take(A, "100"), A, "0.00"),
                new Allowed("add up to the maximum", u -> u.add(A, "400"), A, "500.00"),
                new Allowed("credit before debit", u -> u.add(A, "60").take(A, "150"), A, "10.00"),
                new Allowed("no limits, below zero", u -> u.take(B, "1000"), B, "-1010.00"),
                new Allowed(
                        "increase below the minimum",
                        u -> u.setLimits(B, Limits.nonNegative()).add(B, "4"),
                        B,
                        "-6.00"),
                new Allowed(
                        "decrease above the maximum",
                        u -> u.setLimits(A, Limits.atMost("50")).take(A, "10"),
                        A,
                        "90.00"),
                new Allowed("forced below the minimum", u -> u.take(A, "150").force("order"), A, "-50.00"),
                new Allowed("forced above the maximum", u -> u.add(A, "1000").force("order"), A, "1100.00"),
                new Allowed("down from the greatest", u -> u.take(HUGE, GREATEST), HUGE, "0.00"),
                new Allowed("to the lowest", u -> u.take(HUGE, GREATEST).take(HUGE, GREATEST), HUGE, "-" + GREATEST),
                new Allowed("open and use", u -> u.open(NONE).add(NONE, "1"), NONE, "1.00"),
                new Allowed("openIfAbsent of what is there", u -> u.openIfAbsent(A, "7", Limits.none()), A, "100.00"),
                new Allowed(
                        "openIfAbsent twice",
                        u -> u.openIfAbsent(NONE, "7", Limits.none()).openIfAbsent(NONE, "8", Limits.none()),
                        NONE,
                        "7.00"),
                new Allowed("reopen and use", u -> u.reopen(CLOSED).add(CLOSED, "1"), CLOSED, "1.00"),
                new Allowed(
                        "zero, close, reopen",
                        u -> u.take(A, "100").close(A).reopen(A).add(A, "2"),
                        A,
                        "2.00"),
                new Allowed(
                        "checks that hold",
                        u -> u.requireAtLeast(A, "100")
                                .requireAtMost(A, "100")
                                .requireVersion(A, 1)
                                .requireOpen(A)
                                .requireValue(STATUS, "ACTIVE"),
                        A,
                        "100.00"));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void an_operation_that_is_allowed_leaves_what_it_should(Allowed expected) {
        Map<String, Cell> cells = new HashMap<>(STORED);
        Evaluator.Result.Allowed result =
                apply(cells, expected.update().apply(Update.of("k")).build());
        assertThat(((Balance) cells.get(expected.cell().name())).amount()).isEqualTo(new BigDecimal(expected.after()));
        assertThatCellsAreTheFoldOf(result.entries(), cells);
    }

    /** Sequences go on without a gap, and the last entry of a cell agrees with the cell. */
    private static void assertThatCellsAreTheFoldOf(List<Entry> entries, Map<String, Cell> cells) {
        Map<String, Long> versions = new HashMap<>();
        STORED.forEach((name, cell) -> versions.put(name, cell.version()));
        Map<String, BigDecimal> amounts = new HashMap<>();
        STORED.forEach((name, cell) -> {
            if (cell instanceof Balance balance) {
                amounts.put(name, balance.amount());
            }
        });
        for (Entry entry : entries) {
            String name = entry.cell().name();
            assertThat(entry.sequence()).isEqualTo(versions.merge(name, 1L, Long::sum));
            if (entry instanceof BalanceEntry e) {
                assertThat(e.after()).isEqualTo(amounts.merge(name, e.delta(), BigDecimal::add));
            }
        }
        cells.forEach((name, cell) -> assertThat(cell.version()).isEqualTo(versions.get(name)));
    }

    @Test
    void a_refusal_tells_what_was_observed_and_what_was_required() {
        assertThat(refused(u -> u.take(A, "60").take(A, "60.01")))
                .isEqualTo(new Rejected.OutOfBounds(
                        Reason.BELOW_MINIMUM,
                        context(1, A, "k"),
                        new BigDecimal("40.00"),
                        new BigDecimal("-20.01"),
                        new BigDecimal("0.00")));
        assertThat(refused(u -> u.add(HUGE, "0.01")))
                .isEqualTo(new Rejected.OutOfBounds(
                        Reason.OVERFLOW,
                        context(0, HUGE, "setup"),
                        new BigDecimal(GREATEST),
                        new BigDecimal("1" + "0".repeat(36) + ".00"),
                        new BigDecimal(GREATEST)));
        assertThat(refused(u -> u.requireAtMost(A, "1")))
                .isEqualTo(new Rejected.NotMet(
                        Reason.ABOVE_REQUIRED,
                        context(0, A, "setup"),
                        new BigDecimal("100.00"),
                        new BigDecimal("1.00")));
        assertThat(refused(u -> u.requireValue(STATUS, "x")))
                .isEqualTo(new Rejected.ValueDiffers(context(0, STATUS, "setup"), "ACTIVE", "x"));
        assertThat(refused(u -> u.requireVersion(STATUS, 9)))
                .isEqualTo(new Rejected.VersionDiffers(context(0, STATUS, "setup"), 1, 9));
        BalanceId usd = ACCOUNT.balance("a", Unit.of("USD", 2));
        assertThat(refused(u -> u.add(usd, "1")))
                .isEqualTo(new Rejected.UnitDiffers(context(0, usd, "setup"), SAR, usd.unit()));
        assertThat(refused(u -> u.close(A)))
                .isEqualTo(new Rejected.NotZero(context(0, A, "setup"), new BigDecimal("100.00")));
    }

    private static Rejected refused(UnaryOperator<Update.Builder> update) {
        return ((Evaluator.Result.Refused)
                        evaluate(STORED, update.apply(Update.of("k")).build()))
                .refusal();
    }

    private static Rejected.Context context(int index, CellId cell, String decidedBy) {
        return new Rejected.Context(Key.of("k"), NOW, false, index, cell, Key.of(decidedBy));
    }

    @Test
    void force_marks_only_the_entries_that_passed_a_limit() {
        List<Entry> entries = apply(
                        new HashMap<>(STORED),
                        Update.of("k")
                                .take(A, "100")
                                .take(A, "1")
                                .add(A, "1")
                                .add(A, "501")
                                .force("order")
                                .build())
                .entries();
        assertThat(entries)
                .extracting(entry -> ((BalanceEntry) entry).forced())
                .containsExactly(null, "order", null, "order");
    }

    @Test
    void every_change_leaves_one_entry_with_what_it_changed_and_checks_leave_none() {
        Instant effective = Instant.parse("2020-01-01T00:00:00Z");
        Update update = Update.of("k")
                .requireOpen(A)
                .setLimits(A, Limits.atLeast("-1"))
                .take(A, "100")
                .close(A)
                .reopen(A)
                .compareAndSet(STATUS, "ACTIVE", "DONE")
                .requireValue(STATUS, "DONE")
                .close(STATUS)
                .append(LOG, "first")
                .append(LOG, "first")
                .close(LOG)
                .effectiveAt(effective)
                .metadata("m")
                .reference("r")
                .build();
        Map<String, Cell> cells = new HashMap<>(STORED);
        Evaluator.Result.Allowed result = apply(cells, update);
        BigDecimal zero = new BigDecimal("0.00");
        BigDecimal hundred = new BigDecimal("100.00");
        Key k = Key.of("k");
        Limits limits = Limits.atLeast("-1");
        assertThat(result.entries())
                .containsExactly(
                        new BalanceEntry(A, 2, EntryType.SET_LIMITS, zero, hundred, limits, null, k, 1, NOW, effective),
                        new BalanceEntry(
                                A, 3, EntryType.INCREMENT, hundred.negate(), zero, null, null, k, 2, NOW, effective),
                        new BalanceEntry(A, 4, EntryType.CLOSE, zero, zero, null, null, k, 3, NOW, effective),
                        new BalanceEntry(A, 5, EntryType.REOPEN, zero, zero, null, null, k, 4, NOW, effective),
                        new RegisterEntry(STATUS, 2, EntryType.COMPARE_AND_SET, "DONE", null, k, 5, NOW, effective),
                        new RegisterEntry(STATUS, 3, EntryType.CLOSE, "DONE", null, k, 7, NOW, effective),
                        new JournalEntry(LOG, 2, EntryType.APPEND, "first", 1, null, k, 8, NOW, effective),
                        new JournalEntry(LOG, 3, EntryType.APPEND, "first", 2, null, k, 9, NOW, effective),
                        new JournalEntry(LOG, 4, EntryType.CLOSE, null, 2, null, k, 10, NOW, effective));
        assertThat(cells.get("a")).isEqualTo(new Balance(A, zero, limits, 5, false, k, NOW));
        assertThat(cells.get("status")).isEqualTo(new Register(STATUS, "DONE", 3, true, k, NOW));
        assertThat(cells.get("log")).isEqualTo(new Journal(LOG, 2, 4, true, k, NOW));
        Map<String, Cell> others = new HashMap<>(cells);
        others.keySet().removeAll(List.of("a", "status", "log"));
        assertThat(STORED).containsAllEntriesOf(others).hasSize(others.size() + 3);

        Receipt receipt = result.receipt();
        assertThat(receipt.key()).isEqualTo(k);
        assertThat(receipt.recordedAt()).isEqualTo(NOW);
        assertThat(receipt.effectiveAt()).isEqualTo(effective);
        assertThat(receipt.metadata()).isEqualTo("m");
        assertThat(receipt.reference()).isEqualTo("r");
        assertThat(receipt.reverses()).isNull();
        assertThat(receipt.entries())
                .hasSize(9)
                .element(1)
                .isEqualTo(new ReceiptEntry.OfBalance(2, A, EntryType.INCREMENT, 3, hundred.negate(), zero));
        assertThat(receipt.balance(A)).isEqualTo(zero);
        assertThat(receipt.register(STATUS)).isEqualTo("DONE");
        assertThat(receipt.count(LOG)).isEqualTo(2);
    }

    @Test
    void an_update_of_checks_only_changes_nothing() {
        Map<String, Cell> cells = new HashMap<>(STORED);
        Evaluator.Result.Allowed result = apply(
                cells, Update.of("k").requireOpen(A).requireAtLeast(A, "1").build());
        assertThat(cells).isEqualTo(STORED);
        assertThat(result.entries()).isEmpty();
        assertThat(result.receipt().entries()).isEmpty();
    }

    @Test
    void a_first_amount_is_the_delta_of_its_entry() {
        Evaluator.Result.Allowed result = apply(
                new HashMap<>(),
                Update.of("k").open(A, "5", Limits.nonNegative()).open(B).build());
        assertThat(result.entries())
                .extracting(e -> ((BalanceEntry) e).delta())
                .containsExactly(new BigDecimal("5.00"), new BigDecimal("0.00"));
        assertThat(result.entries())
                .extracting(e -> ((BalanceEntry) e).limits())
                .containsExactly(Limits.nonNegative(), Limits.none());
    }
}

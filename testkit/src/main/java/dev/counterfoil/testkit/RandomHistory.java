package dev.counterfoil.testkit;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A random history: calls one after the other, mostly sensible, with every kind of operation, and with repeats, used keys,
 * wrong cells, reversals and decisions among them. The same seed and the same outcomes give the same history; it learns from
 * the outcomes of one ledger what is there, so that most of what it asks for makes sense.
 */
final class RandomHistory {
    /** The kind of all its accounts. */
    static final String KIND = "random";

    private static final Unit SAR = Unit.of("SAR", 2);
    private static final Unit POINTS = Unit.of("points", 0);
    private static final Unit ETH = Unit.of("ETH", 18);
    private static final List<String> TEXTS = List.of("", "A", "a", "B ", "\u0416", "\ud83d\udcb0", "'; --", "null");
    private static final List<Limits> LIMITS = List.of(
            Limits.none(),
            Limits.nonNegative(),
            Limits.atMost("50"),
            Limits.atMost("-3"),
            Limits.between("-100", "1000"),
            Limits.between("10", "10"));

    private final Seed seed;
    private final String prefix;
    private final List<CellId> cells = new ArrayList<>();
    private final Map<CellId, ReceiptEntry> known = new HashMap<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private int keys;

    /** A history whose keys begin with the prefix. */
    RandomHistory(Seed seed, String prefix) {
        this.seed = seed;
        this.prefix = prefix;
        for (String id : List.of("a", "A", "\uff5a", "\ud83d\ude00", "b", "c")) {
            AccountId account = AccountId.of(KIND, id);
            cells.add(account.balance("money", SAR));
            cells.add(account.balance("points", POINTS));
            cells.add(account.balance("wei", ETH));
            cells.add(account.register("status"));
            cells.add(account.journal("log"));
        }
    }

    /** One call, which can be made on any ledger. */
    sealed interface Call {
        /** Makes it. */
        List<Outcome> on(Ledger ledger);

        /** The keys under which something may be decided. */
        Stream<Key> keys();

        /** {@link Ledger#apply}. */
        record Apply(Update update) implements Call {
            @Override
            public List<Outcome> on(Ledger ledger) {
                return List.of(ledger.apply(update));
            }

            @Override
            public Stream<Key> keys() {
                return Stream.of(update.key());
            }
        }

        /** {@link Ledger#applyEach}. */
        record Each(List<Update> updates) implements Call {
            @Override
            public List<Outcome> on(Ledger ledger) {
                return ledger.applyEach(updates);
            }

            @Override
            public Stream<Key> keys() {
                return updates.stream().map(Update::key);
            }
        }

        /** {@link Ledger#acceptObserved}; no outcome where there is nothing to correct. */
        record Accept(Key key, CellId cell, String observed, String reason) implements Call {
            @Override
            public List<Outcome> on(Ledger ledger) {
                try {
                    return List.of(
                            cell instanceof BalanceId balance
                                    ? ledger.acceptObserved(key, balance, observed, reason)
                                    : ledger.acceptObserved(key, (RegisterId) cell, observed, reason));
                } catch (NotCorrectableException e) {
                    return List.of();
                }
            }

            @Override
            public Stream<Key> keys() {
                return Stream.of(key);
            }
        }

        /** {@link Ledger#decide}. */
        record Decide(Key key, String request, List<CellId> reads, DecideFunction function) implements Call {
            @Override
            public List<Outcome> on(Ledger ledger) {
                return List.of(ledger.decide(key, request, reads, function));
            }

            @Override
            public Stream<Key> keys() {
                return Stream.of(key);
            }
        }
    }

    /** The next call. */
    Call next() {
        Call call;
        int choice = seed.below(100);
        if (choice < 8 && !calls.isEmpty()) {
            call = seed.oneOf(calls);
        } else if (choice < 16) {
            call = decide();
        } else if (choice < 18) {
            call = accept();
        } else if (choice < 24) {
            List<Update> updates = new ArrayList<>();
            for (int i = seed.below(20); i >= 0; i--) {
                updates.add(seed.percent(10) && !updates.isEmpty() ? seed.oneOf(updates) : update());
            }
            call = new Call.Each(updates);
        } else {
            call = new Call.Apply(update());
        }
        calls.add(call);
        return call;
    }

    /** Learns from what the call gave on one ledger. */
    void learn(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Applied applied && !applied.replayed()) {
                applied.receipt().entries().forEach(entry -> known.put(entry.cell(), entry));
                if (applied.receipt().entries().stream().anyMatch(RandomHistory::movesMoney)) {
                    receipts.add(applied.receipt());
                }
            }
        }
    }

    private static boolean movesMoney(ReceiptEntry entry) {
        return entry instanceof ReceiptEntry.OfBalance balance
                && balance.delta().signum() != 0;
    }

    private Key key() {
        boolean used = keys > 0 && seed.percent(6);
        int number = used ? seed.below(keys) : keys++;
        return Key.of(number % 7 == 0 ? "scope" : "", prefix + number);
    }

    private Call accept() {
        CellId cell = seed.oneOf(cells);
        String reason = "reason " + seed.below(3);
        if (cell instanceof BalanceId balance) {
            return new Call.Accept(key(), cell, amount(balance).toPlainString(), reason);
        }
        RegisterId register = cell instanceof RegisterId r ? r : cell.account().register("status");
        return new Call.Accept(key(), register, seed.oneOf(TEXTS), reason);
    }

    private Update update() {
        Update.Builder update;
        if (!receipts.isEmpty() && seed.percent(7)) {
            update = Update.reversalOf(key(), seed.oneOf(receipts));
        } else {
            update = Update.of(key());
            int size = seed.percent(70) ? 1 + seed.below(3) : 1 + seed.below(12);
            for (int i = 0; i < size; i++) {
                operation(update);
            }
        }
        extras(update);
        return update.build();
    }

    private void extras(Update.Builder update) {
        if (seed.percent(10)) {
            update.metadata(seed.oneOf(TEXTS));
        }
        if (seed.percent(10)) {
            update.effectiveAt(
                    Instant.ofEpochSecond(seed.between(-1_000_000_000, 4_000_000_000L), seed.below(999) * 1000L));
        }
        if (seed.percent(6)) {
            update.reference("reference/" + seed.below(60));
        }
        if (seed.percent(8)) {
            update.force("reason " + seed.below(3));
        }
        if (seed.percent(10)) {
            update.retryable();
        }
    }

    private void operation(Update.Builder update) {
        CellId cell = seed.oneOf(cells);
        ReceiptEntry last = known.get(cell);
        boolean closed = last != null && last.type() == EntryType.CLOSE;
        if ((last == null && seed.percent(85)) || seed.percent(3)) {
            open(update, cell);
        } else if (closed ? seed.percent(70) : seed.percent(1)) {
            update.reopen(cell);
        } else if (seed.percent(3)) {
            update.close(cell);
        } else if (seed.percent(12)) {
            check(update, cell, last);
        } else if (seed.percent(2)) {
            stranger(update, cell);
        } else if (cell instanceof BalanceId balance) {
            money(update, balance);
        } else if (cell instanceof RegisterId register) {
            String from = seed.percent(80) ? text(register) : seed.oneOf(TEXTS);
            String to = seed.oneOf(TEXTS);
            update.compareAndSet(register, from, from.equals(to) ? to + "." : to);
        } else {
            update.append((JournalId) cell, seed.oneOf(TEXTS));
        }
    }

    private void open(Update.Builder update, CellId cell) {
        boolean ifAbsent = seed.percent(50);
        if (cell instanceof BalanceId balance) {
            Limits limits = seed.oneOf(LIMITS);
            BigDecimal minimum = limits.minimum();
            BigDecimal maximum = limits.maximum();
            BigDecimal first = minimum != null ? minimum : maximum != null ? maximum : amount(balance);
            if (ifAbsent) {
                update.openIfAbsent(balance, first, limits);
            } else {
                update.open(balance, first, limits);
            }
        } else if (cell instanceof RegisterId register) {
            String text = seed.oneOf(TEXTS);
            if (ifAbsent) {
                update.openIfAbsent(register, text);
            } else {
                update.open(register, text);
            }
        } else if (ifAbsent) {
            update.openIfAbsent((JournalId) cell);
        } else {
            update.open((JournalId) cell);
        }
    }

    private void money(Update.Builder update, BalanceId cell) {
        int choice = seed.below(100);
        if (choice < 10) {
            update.setLimits(cell, seed.oneOf(LIMITS));
        } else if (choice < 14) {
            // Down to zero, so that some can be closed.
            BigDecimal here = here(cell);
            update.increment(cell, here.signum() == 0 ? BigDecimal.ONE : here.negate());
        } else if (choice < 40) {
            BalanceId to = balanceIn(cell.unit());
            BigDecimal amount = amount(cell).abs();
            if (to.equals(cell)) {
                update.add(cell, amount);
            } else {
                update.transfer(cell, to, amount);
            }
        } else {
            update.increment(cell, amount(cell));
        }
    }

    private BalanceId balanceIn(Unit unit) {
        List<BalanceId> all = new ArrayList<>();
        for (CellId cell : cells) {
            if (cell instanceof BalanceId balance && balance.unit().equals(unit)) {
                all.add(balance);
            }
        }
        return seed.oneOf(all);
    }

    /** Not zero; mostly small, seldom so large that two of them are too many digits. */
    private BigDecimal amount(BalanceId cell) {
        int scale = cell.unit().scale();
        if (seed.percent(2)) {
            return new BigDecimal("9".repeat(38)).movePointLeft(scale);
        }
        long units = seed.between(1, seed.percent(80) ? 2_000 : 9_999_999_999L);
        BigDecimal amount = scale == 2 ? BigDecimal.valueOf(units, 2) : BigDecimal.valueOf(units);
        if (scale == 18 && seed.percent(50)) {
            amount = BigDecimal.valueOf(units, 18);
        }
        return seed.percent(35) ? amount.negate() : amount;
    }

    private void check(Update.Builder update, CellId cell, @Nullable ReceiptEntry last) {
        int choice = seed.below(3);
        if (choice == 0) {
            long version = last == null ? 1 : last.sequence();
            update.requireVersion(cell, seed.percent(70) ? version : version + 1 + seed.below(3));
        } else if (choice == 1) {
            update.requireOpen(cell);
        } else if (cell instanceof BalanceId balance) {
            BigDecimal near = here(balance).add(BigDecimal.valueOf(seed.between(-2, 2)));
            BigDecimal asked = near.precision() > 38 ? BigDecimal.ZERO : near;
            if (seed.percent(50)) {
                update.requireAtLeast(balance, asked);
            } else {
                update.requireAtMost(balance, asked);
            }
        } else if (cell instanceof RegisterId register) {
            update.requireValue(register, seed.percent(70) ? text(register) : seed.oneOf(TEXTS));
        } else {
            update.requireOpen(cell);
        }
    }

    /** Another kind or unit under the name, or a cell that nobody opens. */
    private void stranger(Update.Builder update, CellId cell) {
        AccountId account = cell.account();
        switch (seed.below(4)) {
            case 0 -> update.add(account.balance(cell.name(), Unit.of("EUR", 2)), "1.00");
            case 1 -> update.append(account.journal(cell.name()), "x");
            case 2 -> update.openIfAbsent(account.register(cell.name()), "x");
            default -> update.add(account.balance("nobody's", SAR), "1.00");
        }
    }

    private BigDecimal here(BalanceId cell) {
        return known.get(cell) instanceof ReceiptEntry.OfBalance last ? last.after() : BigDecimal.ZERO;
    }

    private String text(RegisterId cell) {
        return known.get(cell) instanceof ReceiptEntry.OfRegister last ? last.after() : "";
    }

    private Call decide() {
        BalanceId from = balanceIn(SAR);
        BalanceId to = balanceIn(SAR);
        RegisterId status = from.account().register("status");
        JournalId log = from.account().journal("log");
        Key key = key();
        int choice = seed.below(5);
        String text = seed.oneOf(TEXTS);
        BigDecimal amount = amount(from).abs();
        DecideFunction function = now -> {
            Update.Builder update = now.update();
            switch (choice) {
                case 0 -> {
                    if (now.balance(from).compareTo(amount) < 0) {
                        return now.decline("TOO_LITTLE", "there is " + now.balance(from));
                    }
                    update.take(from, amount).append(log, "record " + now.count(log));
                }
                case 1 -> {
                    if (now.find(to).isEmpty()) {
                        update.open(to, now.find(from).map(b -> b.amount()).orElse(BigDecimal.TEN), Limits.none());
                    }
                    update.requireOpen(to);
                }
                case 2 -> update.compareAndSet(status, now.register(status), now.register(status) + "!");
                case 3 ->
                    update.append(log, text)
                            .requireVersion(
                                    log, now.find(log).map(j -> j.version()).orElse(1L));
                default -> {
                    if (from.equals(to) || now.balance(from).signum() <= 0) {
                        return now.decline("NOTHING", text);
                    }
                    update.transfer(from, to, now.balance(from));
                }
            }
            return update.build();
        };
        String request = choice + " " + text + " " + amount;
        return new Call.Decide(key, request, List.of(from, to, status, log), function);
    }

    /** All calls so far. */
    List<Call> calls() {
        return List.copyOf(calls);
    }
}

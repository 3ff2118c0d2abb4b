package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
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
import dev.counterfoil.Receipt;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.internal.ReceiptLines;
import dev.counterfoil.spi.CellRow.CellState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a correction makes of a cell. Pure.
 *
 * @param id the cell
 * @param type RESTORE or ACCEPT
 * @param sequence the entry's place in the cell
 * @param delta what it changes, of a balance
 * @param state the cell after it
 * @param reason why
 */
record CorrectedCell(
        CellId id, EntryType type, long sequence, @Nullable BigDecimal delta, CellState state, String reason) {
    /** What is written for it. */
    Correction.Made made(DecisionId decision, Fingerprint fingerprint, Instant recordedAt) {
        Key key = decision.key();
        Entry entry = entry(key, recordedAt);
        Receipt receipt = new Receipt(key, recordedAt, null, reason, null, null, new ReceiptLines(List.of(entry)));
        StoredDecision stored = new StoredDecision(decision, fingerprint, new Applied(receipt, false), false);
        return new Correction.Made(cell(key, recordedAt), entry, stored);
    }

    private Cell cell(Key key, Instant recordedAt) {
        if (id instanceof BalanceId balance) {
            Limits limits = new Limits(limit(state.minimum()), limit(state.maximum()));
            return new Balance(balance, amount(balance), limits, sequence, state.closed(), key, recordedAt);
        }
        return id instanceof RegisterId register
                ? new Register(register, text(), sequence, state.closed(), key, recordedAt)
                : new Journal((JournalId) id, records(), sequence, state.closed(), key, recordedAt);
    }

    private Entry entry(Key key, Instant recordedAt) {
        if (id instanceof BalanceId balance) {
            return new BalanceEntry(
                    balance,
                    sequence,
                    type,
                    Objects.requireNonNull(delta),
                    amount(balance),
                    null,
                    reason,
                    key,
                    0,
                    recordedAt,
                    null);
        }
        return id instanceof RegisterId register
                ? new RegisterEntry(register, sequence, type, text(), reason, key, 0, recordedAt, null)
                : new JournalEntry((JournalId) id, sequence, type, null, records(), reason, key, 0, recordedAt, null);
    }

    private BigDecimal amount(BalanceId balance) {
        return new BigDecimal(Objects.requireNonNull(state.amount()))
                .setScale(balance.unit().scale());
    }

    private static @Nullable BigDecimal limit(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private String text() {
        return Objects.requireNonNull(state.value());
    }

    private long records() {
        return Objects.requireNonNull(state.records());
    }

    /** The cell of a row, or null where its names, its kind or its unit cannot be read. */
    static @Nullable CellId id(CellRow row) {
        try {
            AccountId account = AccountId.of(row.accountKind(), row.accountId());
            return switch (row.kind()) {
                case "BALANCE" -> account.balance(row.name(), Objects.requireNonNull(CellFold.unit(row)));
                case "REGISTER" -> account.register(row.name());
                case "JOURNAL" -> account.journal(row.name());
                default -> null;
            };
        } catch (IllegalArgumentException | NullPointerException e) {
            return null;
        }
    }
}

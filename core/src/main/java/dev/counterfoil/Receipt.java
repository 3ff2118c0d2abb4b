package dev.counterfoil;

import dev.counterfoil.internal.ReceiptLines;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an applied update returned. It is kept with the key, in the same commit as the money, and given word for word to
 * whoever sends the update again. When its details are {@linkplain Ledger#prune pruned}, what it did is in the history only.
 *
 * @param key the update's key
 * @param recordedAt when the update was recorded, by the store's clock, in microseconds
 * @param effectiveAt the caller's own time, or null
 * @param metadata the caller's own text, or null; null where it is pruned
 * @param reference the business reference that the update holds, or null
 * @param reverses the key of the update that this one reverses, or null
 * @param entries the entries that it left, in order; empty for an update of checks only, and where it is pruned
 * @param pruned true where the details are gone: metadata and entries
 */
public record Receipt(
        Key key,
        Instant recordedAt,
        @Nullable Instant effectiveAt,
        @Nullable String metadata,
        @Nullable String reference,
        @Nullable Key reverses,
        List<ReceiptEntry> entries,
        boolean pruned) {
    /** Checks for null, and copies the entries; what is pruned has none, and no metadata. */
    public Receipt {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(recordedAt, "recordedAt");
        entries = entries instanceof ReceiptLines ? entries : List.copyOf(entries);
        if (pruned && (metadata != null || !entries.isEmpty())) {
            throw new IllegalArgumentException("receipt: what is pruned has no metadata and no entries");
        }
    }

    /** A receipt with its details. */
    public Receipt(
            Key key,
            Instant recordedAt,
            @Nullable Instant effectiveAt,
            @Nullable String metadata,
            @Nullable String reference,
            @Nullable Key reverses,
            List<ReceiptEntry> entries) {
        this(key, recordedAt, effectiveAt, metadata, reference, reverses, entries, false);
    }

    /**
     * The amount that the update left on a balance. Throws NoSuchElementException where it did not touch it, and, as the two
     * below do, IllegalStateException where it is {@link #pruned()}.
     */
    public BigDecimal balance(BalanceId cell) {
        return ((ReceiptEntry.OfBalance) last(cell)).after();
    }

    /** The text that the update left in a register. Throws NoSuchElementException where it did not touch it. */
    public String register(RegisterId cell) {
        return ((ReceiptEntry.OfRegister) last(cell)).after();
    }

    /** How many records the update left in a journal. Throws NoSuchElementException where it did not touch it. */
    public long count(JournalId cell) {
        return ((ReceiptEntry.OfJournal) last(cell)).count();
    }

    private ReceiptEntry last(CellId cell) {
        if (pruned) {
            throw new IllegalStateException(
                    "the details of this update are pruned: what it left in " + cell + " is in the cell's history");
        }
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).cell().equals(cell)) {
                return entries.get(i);
            }
        }
        throw new NoSuchElementException("the update left no entry in " + cell);
    }
}

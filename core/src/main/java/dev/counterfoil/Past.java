package dev.counterfoil;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * Cells as they stood at a moment that is settled: asked again, it is the same. An update shows in all of them or in none. A
 * cell that was opened later is empty here. Every look-up refuses a cell that was not asked for with
 * {@link IllegalArgumentException}.
 */
public final class Past {
    private final Instant time;
    private final Map<CellId, Optional<Entry>> entries;

    /**
     * What was found.
     *
     * @param time the moment
     * @param entries for each cell that was asked for, its last entry that was recorded up to the moment, that included
     */
    public Past(Instant time, Map<CellId, Optional<Entry>> entries) {
        this.time = Objects.requireNonNull(time, "time");
        this.entries = new LinkedHashMap<>(entries);
    }

    /** The moment; what was recorded at it is included. */
    public Instant time() {
        return time;
    }

    /** The entry that had made a balance what it was, or empty where it was not there yet. */
    public Optional<BalanceEntry> find(BalanceId cell) {
        return entry(cell).map(BalanceEntry.class::cast);
    }

    /** The entry that had made a register what it was, or empty where it was not there yet. */
    public Optional<RegisterEntry> find(RegisterId cell) {
        return entry(cell).map(RegisterEntry.class::cast);
    }

    /** The entry that had made a journal what it was, or empty where it was not there yet. */
    public Optional<JournalEntry> find(JournalId cell) {
        return entry(cell).map(JournalEntry.class::cast);
    }

    /** The amount, with the unit's scale; NoSuchElementException where the balance was not there yet. */
    public BigDecimal balance(BalanceId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).after();
    }

    /** The text; NoSuchElementException where the register was not there yet. */
    public String register(RegisterId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).after();
    }

    /** How many records there were; NoSuchElementException where the journal was not there yet. */
    public long count(JournalId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).count();
    }

    /** The moment and the cells' names; amounts and texts are left out. */
    @Override
    public String toString() {
        return "Past[time=" + time + ", cells=" + entries.keySet() + "]";
    }

    private Optional<Entry> entry(CellId cell) {
        Optional<Entry> found = entries.get(Objects.requireNonNull(cell, "cell"));
        if (found == null) {
            throw new IllegalArgumentException(cell + ": was not asked for");
        }
        return found;
    }

    private NoSuchElementException missing(CellId cell) {
        return new NoSuchElementException(cell + ": was not there yet at " + time);
    }
}

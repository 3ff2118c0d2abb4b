package dev.counterfoil.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a ledger as lists that a test can change as damage would: copied from a sound store, by the names that they have
 * there. Each call is counted.
 */
final class DamagedBooks extends DelegatingAudit {
    private static final Deadline NEVER = Deadline.after(Duration.ofDays(1));

    final Map<String, CellRow> cells = new LinkedHashMap<>();
    final List<EntryRow> entries = new ArrayList<>();
    final List<DecisionRow> decisions = new ArrayList<>();
    final Map<Long, CellRow.Checkpoint> checkpoints = new LinkedHashMap<>();
    int mostRows;
    int calls;

    /** How many corrections were made. */
    int made;

    private DamagedBooks(AuditStore sound) {
        super(sound);
    }

    static DamagedBooks of(AuditStore sound, String namespace) throws StoreException {
        DamagedBooks books = new DamagedBooks(sound);
        for (CellRow cell : sound.cellRows(namespace, null, "", null, false, Integer.MAX_VALUE - 1, NEVER)) {
            books.cells.put(cell.accountId() + ":" + cell.name(), cell);
            books.entries.addAll(
                    sound.entryRows(List.of(new EntryRange(cell.id(), 0, Long.MAX_VALUE)), Integer.MAX_VALUE, NEVER));
        }
        books.decisions.addAll(sound.decisionRows(namespace, null, Integer.MAX_VALUE, NEVER));
        return books;
    }

    /** Changes the row of a cell. */
    void cell(String name, UnaryOperator<CellRow> change) {
        cells.put(name, change.apply(Objects.requireNonNull(cells.get(name))));
    }

    /** The row of an entry. */
    EntryRow entry(String cell, long sequence) {
        long id = Objects.requireNonNull(cells.get(cell)).id();
        return entries.stream()
                .filter(row -> row.cellId() == id && row.sequence() == sequence)
                .findFirst()
                .orElseThrow();
    }

    /** Changes the row of an entry. */
    void entry(String cell, long sequence, UnaryOperator<EntryRow> change) {
        EntryRow old = entry(cell, sequence);
        entries.set(entries.indexOf(old), change.apply(old));
    }

    DecisionRow decision(String key) {
        return decisions.stream()
                .filter(row -> row.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    void decision(String key, UnaryOperator<DecisionRow> change) {
        DecisionRow old = decision(key);
        decisions.set(decisions.indexOf(old), change.apply(old));
    }

    @Override
    public long countCells(String namespace, @Nullable String kind, String idPrefix, Deadline deadline) {
        return rows(kind, idPrefix).size();
    }

    private List<CellRow> rows(@Nullable String kind, String idPrefix) {
        return cells.values().stream()
                .filter(cell -> kind == null || cell.accountKind().equals(kind))
                .filter(cell -> cell.accountId().startsWith(idPrefix))
                .toList();
    }

    @Override
    public List<CellRow> cellRows(
            String namespace,
            @Nullable String kind,
            String idPrefix,
            @Nullable List<String> after,
            boolean withCheckpoints,
            int limit,
            Deadline deadline) {
        calls++;
        List<CellRow> all = rows(kind, idPrefix);
        int from = 0;
        for (int i = 0; after != null && i < all.size(); i++) {
            from = all.get(i).address().equals(after) ? i + 1 : from;
        }
        return all.subList(from, Math.min(all.size(), from + limit)).stream()
                .map(cell -> withCheckpoints ? with(cell, checkpoints.get(cell.id())) : cell)
                .toList();
    }

    static CellRow with(CellRow c, CellRow.@Nullable Checkpoint checkpoint) {
        return new CellRow(
                c.id(),
                c.accountKind(),
                c.accountId(),
                c.name(),
                c.kind(),
                c.unit(),
                c.scale(),
                c.state(),
                c.version(),
                c.lastScope(),
                c.lastKey(),
                c.lastAt(),
                checkpoint);
    }

    @Override
    public @Nullable CellRow cellRow(CellAddress address, Deadline deadline) {
        calls++;
        return cells.values().stream()
                .filter(cell -> cell.address()
                        .equals(List.of(
                                address.account().kind(), address.account().id(), address.name())))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline) {
        calls++;
        List<EntryRow> found = new ArrayList<>();
        for (EntryRange range : ranges) {
            entries.stream()
                    .filter(row -> row.cellId() == range.cellId())
                    .filter(row -> row.sequence() > range.after() && row.sequence() <= range.upTo())
                    .sorted(Comparator.comparingLong(EntryRow::sequence))
                    .forEach(found::add);
        }
        List<EntryRow> rows = found.subList(0, Math.min(limit, found.size()));
        mostRows = Math.max(mostRows, rows.size());
        return rows;
    }

    @Override
    public List<@Nullable EntryRow> entryRowsAt(String namespace, List<EntryPlace> places, Deadline deadline) {
        calls++;
        List<@Nullable EntryRow> rows = new ArrayList<>();
        for (EntryPlace place : places) {
            CellRow cell = cellRow(CellAddress.of(namespace, place.cell()), deadline);
            rows.add(
                    cell == null
                            ? null
                            : entries.stream()
                                    .filter(row -> row.cellId() == cell.id() && row.sequence() == place.sequence())
                                    .findFirst()
                                    .orElse(null));
        }
        return rows;
    }

    @Override
    public List<DecisionRow> decisionRows(String namespace, @Nullable DecisionRow after, int limit, Deadline deadline) {
        calls++;
        int from = after == null ? 0 : decisions.indexOf(after) + 1;
        return List.copyOf(decisions.subList(from, Math.min(decisions.size(), from + limit)));
    }

    @Override
    public List<DecisionRow> decisionRows(Collection<Long> ids, Deadline deadline) {
        calls++;
        return decisions.stream().filter(row -> ids.contains(row.id())).toList();
    }

    @Override
    public List<String> heldTwice(String namespace, Collection<String> references, Deadline deadline) {
        return references.stream()
                .filter(reference -> decisions.stream()
                                .filter(row -> reference.equals(row.reference()))
                                .count()
                        > 1)
                .toList();
    }

    @Override
    public List<DecisionRow> reversedTwice(String namespace, Collection<DecisionRow> reversals, Deadline deadline) {
        return reversals.stream()
                .filter(reversal -> decisions.stream()
                                .filter(row -> reversal.reversesKey() != null
                                        && reversal.reversesKey().equals(row.reversesKey()))
                                .count()
                        > 1)
                .toList();
    }

    @Override
    public void keepCheckpoints(List<CellRow.Checkpoint> kept, Deadline deadline) {
        kept.forEach(checkpoint -> checkpoints.put(checkpoint.cellId(), checkpoint));
    }

    /** Answers as a store does whose row is the damaged one; changes nothing. */
    @Override
    public Answer correct(Correction correction, Deadline deadline) {
        made++;
        return new Answer.Decided(
                correction.made().apply(Instant.EPOCH).decision().decision());
    }
}

package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.CellRow.Checkpoint;
import dev.counterfoil.spi.Correction;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What verification and correction see of the store in memory. Each call locks the accounts of which it reads, all at once.
 * References and reversals cannot be there twice. Decisions that come while their pages are read may be missing there.
 */
final class MemoryAudit implements AuditStore {
    private final MemoryStore store;
    private final Numbers<CellAddress> cells = new Numbers<>();
    private final Numbers<DecisionId> decisions = new Numbers<>();
    /** By the namespace, all keys in order, as they were when the first page of decisions was asked for last. */
    private final Map<String, List<Key>> keys = new ConcurrentHashMap<>();

    private final Map<Long, Checkpoint> checkpoints = new ConcurrentHashMap<>();

    MemoryAudit(MemoryStore store) {
        this.store = store;
    }

    @Override
    public long countCells(String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws StoreException {
        Space space = store.space(namespace);
        long count = 0;
        for (String one : kinds(space, kind)) {
            for (String last = null; ; ) {
                List<AccountId> accounts = space.list(one, idPrefix, last, 1000);
                if (accounts.isEmpty()) {
                    break;
                }
                last = accounts.get(accounts.size() - 1).id();
                count += cellsOf(space, accounts, deadline).size();
            }
        }
        return count;
    }

    private static List<String> kinds(Space space, @Nullable String kind) {
        return kind == null ? space.kinds() : List.of(kind);
    }

    private static List<Cell> cellsOf(Space space, List<AccountId> accounts, Deadline deadline) throws StoreException {
        List<AccountSlot> slots = slots(space, accounts.stream());
        return locked(
                slots,
                deadline,
                () -> slots.stream().flatMap(slot -> slot.cells().stream()).toList());
    }

    private static List<AccountSlot> slots(Space space, Stream<AccountId> accounts) {
        return accounts.distinct()
                .flatMap(account -> Stream.ofNullable(space.find(account)))
                .toList();
    }

    private static <T> T locked(Collection<AccountSlot> slots, Deadline deadline, Supplier<T> reading)
            throws StoreException {
        return Objects.requireNonNull(MemoryStore.locked(slots, deadline, reading));
    }

    @Override
    public List<CellRow> cellRows(
            String namespace,
            @Nullable String kind,
            String idPrefix,
            @Nullable List<String> after,
            boolean withCheckpoints,
            int limit,
            Deadline deadline)
            throws StoreException {
        Space space = store.space(namespace);
        List<AccountId> accounts = new ArrayList<>();
        for (String one : kinds(space, kind)) {
            int order = after == null ? 1 : Texts.compareBinary(one, after.get(0));
            AccountId begun = after == null || order != 0 ? null : AccountId.of(one, after.get(1));
            if (order >= 0 && accounts.size() <= limit) {
                Stream.ofNullable(begun).forEach(accounts::add);
                accounts.addAll(space.list(one, idPrefix, begun == null ? null : begun.id(), limit));
            }
        }
        // Each has a cell at least, but the one that was begun may have none left.
        List<AccountId> enough = accounts.subList(0, Math.min(accounts.size(), limit + 1));
        return cellsOf(space, enough, deadline).stream()
                .filter(cell -> after == null || isBehind(cell, after))
                .limit(limit)
                .map(cell -> row(namespace, cell, withCheckpoints))
                .toList();
    }

    private static boolean isBehind(Cell cell, List<String> after) {
        AccountId account = cell.id().account();
        return !(account.kind().equals(after.get(0)) && account.id().equals(after.get(1)))
                || Texts.compareBinary(cell.id().name(), after.get(2)) > 0;
    }

    private CellRow row(String namespace, Cell cell, boolean withCheckpoint) {
        long id = cells.of(CellAddress.of(namespace, cell.id()));
        return AuditRows.of(id, cell, withCheckpoint ? checkpoints.get(id) : null);
    }

    @Override
    public @Nullable CellRow cellRow(CellAddress cell, Deadline deadline) throws StoreException {
        AccountSlot account = store.space(cell.namespace()).find(cell.account());
        if (account == null) {
            return null;
        }
        return MemoryStore.locked(List.of(account), deadline, () -> {
            CellSlot slot = account.find(cell.name());
            return slot == null || slot.cell == null ? null : row(cell.namespace(), slot.cell, false);
        });
    }

    @Override
    public List<EntryRow> entryRows(List<EntryRange> ranges, int limit, Deadline deadline) throws StoreException {
        List<CellAddress> addresses =
                ranges.stream().map(range -> address(range.cellId())).toList();
        List<AccountSlot> slots = addresses.stream()
                .flatMap(address ->
                        Stream.ofNullable(store.space(address.namespace()).find(address.account())))
                .toList();
        return locked(slots, deadline, () -> {
            List<EntryRow> rows = new ArrayList<>();
            for (int i = 0; i < ranges.size() && rows.size() < limit; i++) {
                add(ranges.get(i), addresses.get(i), limit, rows);
            }
            return rows;
        });
    }

    private CellAddress address(long cellId) {
        return Objects.requireNonNull(cells.get(cellId), "a number that was given");
    }

    private void add(EntryRange range, CellAddress address, int limit, List<EntryRow> rows) {
        CellSlot slot = slot(address);
        if (slot == null) {
            return;
        }
        List<Entry> entries = slot.entries;
        for (int i = firstBehind(entries, range.after()); i < entries.size() && rows.size() < limit; i++) {
            Entry entry = entries.get(i);
            if (entry.sequence() > range.upTo()) {
                return;
            }
            rows.add(row(address, range.cellId(), entry));
        }
    }

    private @Nullable CellSlot slot(CellAddress address) {
        AccountSlot account = store.space(address.namespace()).find(address.account());
        return account == null ? null : account.find(address.name());
    }

    /** Where the entries begin whose sequence is greater. */
    private static int firstBehind(List<Entry> entries, long after) {
        int from = 0;
        int to = entries.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (entries.get(middle).sequence() <= after) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private EntryRow row(CellAddress address, long cellId, Entry entry) {
        DecisionId id = new DecisionId(address.namespace(), entry.key());
        StoredDecision decision = store.space(address.namespace()).decision(entry.key());
        return AuditRows.of(cellId, entry, decisions.of(id), decision);
    }

    @Override
    public List<@Nullable EntryRow> entryRowsAt(String namespace, List<EntryPlace> places, Deadline deadline)
            throws StoreException {
        Space space = store.space(namespace);
        List<AccountSlot> slots =
                slots(space, places.stream().map(place -> place.cell().account()));
        return locked(slots, deadline, () -> {
            List<@Nullable EntryRow> rows = new ArrayList<>();
            for (EntryPlace place : places) {
                rows.add(at(CellAddress.of(namespace, place.cell()), place.sequence()));
            }
            return rows;
        });
    }

    private @Nullable EntryRow at(CellAddress address, long sequence) {
        CellSlot slot = slot(address);
        if (slot == null || slot.cell == null) {
            return null;
        }
        int index = firstBehind(slot.entries, sequence - 1);
        if (index == slot.entries.size() || slot.entries.get(index).sequence() != sequence) {
            return null;
        }
        return row(address, cells.of(address), slot.entries.get(index));
    }

    @Override
    public List<DecisionRow> decisionRows(String namespace, @Nullable DecisionRow after, int limit, Deadline deadline) {
        Space space = store.space(namespace);
        List<Key> all =
                after == null ? space.keys().stream().sorted().toList() : keys.getOrDefault(namespace, List.of());
        keys.put(namespace, all);
        int place = after == null ? -1 : Collections.binarySearch(all, Key.of(after.scope(), after.key()));
        return all.stream()
                .skip(place < 0 ? -1L - place : place + 1L)
                .limit(limit)
                .flatMap(key -> Stream.ofNullable(space.decision(key)))
                .map(this::row)
                .toList();
    }

    private DecisionRow row(StoredDecision decision) {
        return AuditRows.of(decisions.of(decision.id()), decision);
    }

    @Override
    public List<DecisionRow> decisionRows(Collection<Long> ids, Deadline deadline) {
        return ids.stream()
                .flatMap(id -> Stream.ofNullable(decisions.get(id)))
                .flatMap(id -> Stream.ofNullable(store.space(id.namespace()).decision(id.key())))
                .map(this::row)
                .toList();
    }

    @Override
    public List<String> heldTwice(String namespace, Collection<String> references, Deadline deadline) {
        return List.of();
    }

    @Override
    public List<DecisionRow> reversedTwice(String namespace, Collection<DecisionRow> reversals, Deadline deadline) {
        return List.of();
    }

    @Override
    public void keepCheckpoints(List<Checkpoint> kept, Deadline deadline) {
        kept.forEach(checkpoint -> checkpoints.put(checkpoint.cellId(), checkpoint));
    }

    @Override
    public Answer correct(Correction correction, Deadline deadline) throws StoreException {
        CellAddress address = address(correction.seen().id());
        AccountSlot account =
                Objects.requireNonNull(store.space(address.namespace()).find(address.account()));
        return locked(List.of(account), deadline, () -> correct(correction, address, account));
    }

    private Answer correct(Correction correction, CellAddress address, AccountSlot account) {
        Space space = store.space(address.namespace());
        StoredDecision earlier = space.decision(correction.id().key());
        if (earlier != null) {
            return new Answer.Decided(correction.answer(earlier));
        }
        CellSlot slot = account.cell(address.name());
        CellRow seen = correction.seen();
        Cell cell = slot.cell;
        if (cell == null || !AuditRows.of(seen.id(), cell, seen.checkpoint()).equals(seen)) {
            return new Answer.Stale();
        }
        Instant recordedAt = slot.notBefore(store.now());
        Correction.Made made = correction.made().apply(recordedAt);
        try (Work work = new Work(space, new CellSlot[] {slot})) {
            work.put(0, made.cell());
            StoredDecision first =
                    space.keep(correction.id().key(), new Kept.Whole(made.decision()), work, List.of(made.entry()));
            return new Answer.Decided(first == null ? made.decision().decision() : correction.answer(first));
        }
    }
}

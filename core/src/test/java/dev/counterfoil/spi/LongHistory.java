package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A store of one balance with as many entries of 1 as a test likes, made when they are asked for; three share a second. */
final class LongHistory implements LedgerStore {
    static final BalanceId CELL = AccountId.of("a", "1").balance("b", Unit.of("n", 0));

    private static final Key KEY = Key.of("k");

    private final long version;
    private final UnaryOperator<BalanceEntry> change;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();

    /** Entries up to a version, some of them changed on the way. */
    LongHistory(long version, UnaryOperator<BalanceEntry> change) {
        this.version = version;
        this.change = change;
    }

    /** When the entry with a sequence was recorded. */
    static Instant time(long sequence) {
        return Instant.ofEpochSecond((sequence + 2) / 3);
    }

    long reads() {
        return reads.get();
    }

    long entries() {
        return entries.get();
    }

    private Balance cell() {
        return new Balance(CELL, BigDecimal.valueOf(version), Limits.none(), version, false, KEY, time(version));
    }

    private BalanceEntry entry(long sequence) {
        EntryType type = sequence == 1 ? EntryType.OPEN : EntryType.INCREMENT;
        return change.apply(new BalanceEntry(
                CELL,
                sequence,
                type,
                BigDecimal.ONE,
                BigDecimal.valueOf(sequence),
                sequence == 1 ? Limits.none() : null,
                null,
                KEY,
                0,
                time(sequence),
                null));
    }

    @Override
    public Reading<Optional<CellHistory>> readHistory(CellAddress cell, long after, int limit, Deadline deadline) {
        reads.incrementAndGet();
        List<Entry> found = LongStream.rangeClosed(after + 1, Math.min(version, after + limit))
                .<Entry>mapToObj(this::entry)
                .toList();
        entries.addAndGet(found.size());
        return new Reading<>(
                Optional.of(new CellHistory(cell(), found)), time(version).plusSeconds(1));
    }

    @Override
    public StoredCells settle(SortedSet<CellAddress> cells, Deadline deadline) {
        return new StoredCells(Map.of(cells.first(), cell()), time(version).plusSeconds(1));
    }

    @Override
    public List<Answer> submit(List<Request> group, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Candidate readCandidate(SortedSet<CellAddress> cells, DecisionId key, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Reading<List<Cell>> readAccounts(String namespace, List<AccountId> accounts, Deadline deadline) {
        return new Reading<>(List.of(cell()), time(version));
    }

    @Override
    public Reading<List<AccountId>> listAccounts(
            String namespace, String kind, String idPrefix, @Nullable String after, int limit, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Reading<List<TrialBalance.Line>> sumBalances(
            String namespace, @Nullable String kind, String idPrefix, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StoredDecision> findDecision(DecisionId id, Deadline deadline) {
        return Optional.empty();
    }

    @Override
    public PruneStep.Done prune(PruneStep step, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AuditStore audit() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

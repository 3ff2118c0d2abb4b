package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.NotSettledException;
import dev.counterfoil.Past;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads what was. An update takes its time behind its locks; so behind the same locks all is there that was recorded before
 * the clock that is read there, and what comes is recorded then or later.
 */
final class PastReads {
    private final StoreLedger ledger;
    private final LedgerStore store;
    private final String namespace;

    PastReads(StoreLedger ledger, LedgerStore store) {
        this.ledger = ledger;
        this.store = store;
        this.namespace = ledger.settings().namespace();
    }

    /** The entry that made a cell a version. */
    <T extends Entry> Optional<T> asOf(CellId cell, long version, Class<T> type) {
        CellAddress address = CellAddress.of(namespace, Objects.requireNonNull(cell, "cell"));
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + ": must be above zero");
        }
        return ledger.inside(() -> {
            Deadline deadline = ledger.deadline();
            var reading = ledger.read(deadline, () -> store.readHistory(address, version - 1, 1, deadline));
            return reading.value().flatMap(found -> {
                requireSame(cell, found.cell());
                return found.entries().stream().findFirst().map(type::cast);
            });
        });
    }

    /** The cells at a time. */
    Past asOf(Instant time, CellId... cells) {
        Objects.requireNonNull(time, "time");
        List<CellId> named = new ArrayList<>();
        for (CellId cell : Objects.requireNonNull(cells, "cells")) {
            named.add(Objects.requireNonNull(cell, "cell"));
        }
        Map<CellAddress, CellId> asked = ledger.addressed(named);
        return ledger.inside(() -> {
            Deadline deadline = ledger.deadline();
            StoredCells settled = settle(asked, deadline);
            // What comes next may be recorded in the very microsecond in which the clock was read.
            Instant answerable = settled.asOf().minus(1, ChronoUnit.MICROS);
            if (time.isAfter(answerable)) {
                throw new NotSettledException(answerable);
            }
            Map<CellId, Optional<Entry>> found = new HashMap<>();
            asked.forEach((address, id) -> {
                CellEntries entries = new CellEntries(ledger, store, settled.cell(address));
                found.put(id, Optional.ofNullable(entries.last(at -> !at.isAfter(time), deadline)));
            });
            return new Past(time, found);
        });
    }

    /** The statement of one balance. */
    Statement statement(BalanceId cell, Period period, Consumer<? super BalanceEntry> entries) {
        Objects.requireNonNull(cell, "cell");
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(entries, "entries");
        Map<CellAddress, CellId> asked = ledger.addressed(List.of(cell));
        StoredCells settled = ledger.inside(() -> settle(asked, period, ledger.deadline()));
        return statements(asked, settled, period, entries).get(0);
    }

    /** The statements of all balances of an account. */
    List<Statement> statement(AccountId account, Period period, Consumer<? super BalanceEntry> entries) {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(entries, "entries");
        Map<CellAddress, CellId> asked = new TreeMap<>();
        StoredCells settled = ledger.inside(() -> {
            Deadline deadline = ledger.deadline();
            asked.putAll(cells(account, deadline));
            while (true) {
                StoredCells cells = settle(asked, period, deadline);
                Map<CellAddress, CellId> again = cells(account, deadline);
                if (again.equals(asked)) {
                    return cells;
                }
                // Opened meanwhile, and perhaps recorded in the period.
                asked.putAll(again);
            }
        });
        return statements(asked, settled, period, entries);
    }

    /** All, because an update that opens a balance may have changed any of them. */
    private Map<CellAddress, CellId> cells(AccountId account, Deadline deadline) {
        List<Cell> found = ledger.read(deadline, () -> store.readAccounts(namespace, List.of(account), deadline))
                .value();
        if (found.isEmpty()) {
            throw new NoSuchElementException(account + ": no such account");
        }
        Map<CellAddress, CellId> cells = new TreeMap<>();
        found.forEach(cell -> cells.put(CellAddress.of(namespace, cell.id()), cell.id()));
        return cells;
    }

    private List<Statement> statements(
            Map<CellAddress, CellId> asked,
            StoredCells settled,
            Period period,
            Consumer<? super BalanceEntry> entries) {
        List<Statement> statements = new ArrayList<>();
        asked.keySet().forEach(address -> {
            if (settled.cell(address) instanceof Balance balance) {
                CellEntries all = new CellEntries(ledger, store, balance);
                statements.add(new StatementRun(ledger, balance, all, period).run(entries));
            }
        });
        return statements;
    }

    /** The cells, settled up to the end of a period. */
    private StoredCells settle(Map<CellAddress, CellId> asked, Period period, Deadline deadline) {
        StoredCells settled = settle(asked, deadline);
        if (period.to().isAfter(settled.asOf())) {
            throw new NotSettledException(settled.asOf());
        }
        return settled;
    }

    private StoredCells settle(Map<CellAddress, CellId> asked, Deadline deadline) {
        StoredCells settled = ledger.read(deadline, () -> store.settle(new TreeSet<>(asked.keySet()), deadline));
        asked.forEach((address, id) -> {
            if (!settled.cells().containsKey(address)) {
                // Its opening may be on its way, and nothing is locked that would tell.
                throw new NoSuchElementException(id + ": no such " + id.kind());
            }
            requireSame(id, settled.cell(address));
        });
        return settled;
    }

    static void requireSame(CellId asked, Cell found) {
        if (!found.id().equals(asked)) {
            throw new IllegalArgumentException(
                    asked + ": the cell of this name is a " + found.id().kind() + " or counts another unit");
        }
    }
}

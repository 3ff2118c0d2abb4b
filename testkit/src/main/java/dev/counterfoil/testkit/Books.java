package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Snapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that a ledger holds, read through its public calls only: two that are equal hold the same, times included.
 *
 * @param cells the cells by account and name
 * @param entries the entries of each, oldest first
 */
record Books(List<Cell> cells, Map<CellId, List<Entry>> entries) {
    private static final int PAGE = 1000;

    /** All accounts of these kinds. */
    static Books of(Ledger ledger, List<String> kinds) {
        List<AccountId> accounts = new ArrayList<>();
        for (String kind : kinds) {
            accounts.addAll(all(page -> ledger.accounts(kind, "", page)));
        }
        List<Cell> cells = new ArrayList<>();
        for (int from = 0; from < accounts.size(); from += PAGE) {
            List<AccountId> some = accounts.subList(from, Math.min(accounts.size(), from + PAGE));
            Snapshot snapshot = ledger.read(some.toArray(AccountId[]::new));
            cells.addAll(snapshot.cells());
        }
        Map<CellId, List<Entry>> entries = new LinkedHashMap<>();
        for (Cell cell : cells) {
            entries.put(cell.id(), upTo(cell.version(), history(ledger, cell.id())));
        }
        return new Books(List.copyOf(cells), entries);
    }

    /** All entries of a cell. */
    static List<Entry> history(Ledger ledger, CellId cell) {
        return all(page -> page(ledger, cell, page));
    }

    private static Page<? extends Entry> page(Ledger ledger, CellId cell, PageRequest page) {
        if (cell instanceof BalanceId balance) {
            return ledger.history(balance, page);
        }
        if (cell instanceof RegisterId register) {
            return ledger.history(register, page);
        }
        return ledger.history((JournalId) cell, page);
    }

    /** The items of all pages. */
    static <T> List<T> all(Function<PageRequest, Page<? extends T>> pages) {
        List<T> items = new ArrayList<>();
        Optional<PageRequest> next = Optional.of(PageRequest.first(PAGE));
        while (next.isPresent()) {
            Page<? extends T> page = pages.apply(next.get());
            items.addAll(page.items());
            next = page.next();
        }
        return items;
    }

    // Cells were read first: what came since is not theirs.
    private static List<Entry> upTo(long version, List<Entry> entries) {
        return entries.stream().filter(entry -> entry.sequence() <= version).toList();
    }

    /** The entries of a cell; none where it is not there. */
    List<Entry> entriesOf(CellId cell) {
        return entries.getOrDefault(cell, List.of());
    }

    /** Each cell is the fold of its entries. */
    Books audited() {
        for (Cell cell : cells) {
            Fold.check(cell, entriesOf(cell.id()));
        }
        return this;
    }

    /** The sum of all balances of this name, and of the increments that made them, which must be the same. */
    BigDecimal total(String name) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal moved = BigDecimal.ZERO;
        for (Cell cell : cells) {
            if (cell instanceof Balance balance && balance.id().name().equals(name)) {
                sum = sum.add(balance.amount());
                for (Entry entry : entriesOf(cell.id())) {
                    moved = moved.add(((BalanceEntry) entry).delta());
                }
            }
        }
        assertThat(moved).as("the sum of all deltas").isEqualByComparingTo(sum);
        return sum;
    }
}

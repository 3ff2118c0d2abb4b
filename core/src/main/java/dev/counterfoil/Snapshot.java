package dev.counterfoil;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** All cells of the accounts that were asked for, as they stood at one moment. */
public final class Snapshot implements Cells {
    private final Map<AccountId, Map<String, Cell>> cells = new HashMap<>();
    private final List<Cell> all;
    private final Instant asOf;

    /**
     * A snapshot.
     *
     * @param accounts the accounts that were asked for
     * @param cells all their cells, in the order in which {@link #cells()} gives them
     * @param asOf the moment
     */
    public Snapshot(List<AccountId> accounts, List<Cell> cells, Instant asOf) {
        accounts.forEach(account -> this.cells.put(account, new HashMap<>()));
        for (Cell cell : cells) {
            known(cell.id().account()).put(cell.id().name(), cell);
        }
        this.all = List.copyOf(cells);
        this.asOf = Objects.requireNonNull(asOf, "asOf");
    }

    /** All cells, by account and name in binary order; an account that has none adds none. */
    public List<Cell> cells() {
        return all;
    }

    /**
     * The cells of one account, by name in binary order.
     *
     * @throws IllegalArgumentException if the account was not asked for
     */
    public List<Cell> cells(AccountId account) {
        known(account);
        return all.stream().filter(cell -> cell.id().account().equals(account)).toList();
    }

    @Override
    public Optional<Balance> find(BalanceId cell) {
        return stored(cell).map(found -> {
            if (found instanceof Balance balance && balance.id().unit().equals(cell.unit())) {
                return balance;
            }
            throw other(cell, found);
        });
    }

    @Override
    public Optional<Register> find(RegisterId cell) {
        return stored(cell).map(found -> {
            if (found instanceof Register register) {
                return register;
            }
            throw other(cell, found);
        });
    }

    @Override
    public Optional<Journal> find(JournalId cell) {
        return stored(cell).map(found -> {
            if (found instanceof Journal journal) {
                return journal;
            }
            throw other(cell, found);
        });
    }

    @Override
    public BigDecimal balance(BalanceId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).amount();
    }

    @Override
    public String register(RegisterId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).value();
    }

    @Override
    public long count(JournalId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).count();
    }

    @Override
    public Instant asOf() {
        return asOf;
    }

    /** The moment and the cells' names; amounts and texts are left out. */
    @Override
    public String toString() {
        Stream<CellId> ids = all.stream().map(Cell::id);
        return "Snapshot[asOf=" + asOf + ", cells=" + ids.toList() + "]";
    }

    private Optional<Cell> stored(CellId cell) {
        return Optional.ofNullable(known(cell.account()).get(cell.name()));
    }

    private Map<String, Cell> known(AccountId account) {
        Map<String, Cell> found = cells.get(Objects.requireNonNull(account, "account"));
        if (found == null) {
            throw new IllegalArgumentException("account " + account + ": was not asked for in this read");
        }
        return found;
    }

    private static NoSuchElementException missing(CellId cell) {
        return new NoSuchElementException(cell + ": no such " + cell.kind());
    }

    private static NoSuchElementException other(CellId asked, Cell found) {
        return new NoSuchElementException(asked + ": is " + describe(found.id()) + ", not " + describe(asked));
    }

    private static String describe(CellId cell) {
        return cell.kind() + (cell instanceof BalanceId balance ? " in " + balance.unit() : "");
    }
}

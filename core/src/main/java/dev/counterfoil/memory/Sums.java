package dev.counterfoil.memory;

import dev.counterfoil.Balance;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.spi.BalanceTally;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.Reading;
import dev.counterfoil.spi.StoreException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sums of balances, taken while all their accounts are locked. Used once. */
final class Sums {
    private final Space space;
    private final @Nullable String kind;
    private final String idPrefix;
    private final Deadline deadline;
    private final Set<AccountSlot> locked = new HashSet<>();
    private final Deque<Locks> locks = new ArrayDeque<>();

    Sums(Space space, @Nullable String kind, String idPrefix, Deadline deadline) {
        this.space = space;
        this.kind = kind;
        this.idPrefix = idPrefix;
        this.deadline = deadline;
    }

    Reading<List<TrialBalance.Line>> take(Supplier<Instant> clock) throws StoreException {
        try {
            lockAll();
            BalanceTally tally = new BalanceTally();
            locked.forEach(account -> account.cells().forEach(cell -> {
                if (cell instanceof Balance balance) {
                    var id = balance.id();
                    tally.add(id.account().kind(), id.name(), id.unit(), TrialBalance.Sums.of(balance.amount()));
                }
            }));
            return new Reading<>(tally.lines(), clock.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MemoryStore.interrupted(e);
        } finally {
            unlockAll();
        }
    }

    /**
     * The accounts that there are, and then those that have come meanwhile: money may have gone there before the others were
     * locked. These have greater numbers, so the global order is kept; and no more of them come till they are locked.
     */
    private void lockAll() throws InterruptedException, StoreException {
        space.making.lockInterruptibly();
        List<AccountSlot> first;
        try {
            first = missing();
        } finally {
            space.making.unlock();
        }
        lock(first);
        space.making.lockInterruptibly();
        try {
            lock(missing());
        } finally {
            space.making.unlock();
        }
    }

    private void lock(List<AccountSlot> accounts) throws InterruptedException, StoreException {
        Locks taken = Locks.take(Locks.of(accounts), deadline);
        if (taken == null) {
            throw MemoryStore.late();
        }
        locks.push(taken);
        locked.addAll(accounts);
    }

    private List<AccountSlot> missing() {
        return space.accounts(kind, idPrefix).stream()
                .filter(account -> !locked.contains(account))
                .toList();
    }

    private void unlockAll() {
        while (!locks.isEmpty()) {
            locks.pop().close();
        }
    }
}

package dev.counterfoil.memory;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.Key;
import dev.counterfoil.Operation;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.PruneStep;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a store has in one namespace. A cell is looked into behind its account's lock only. */
final class Space {
    final String namespace;

    /** What a new account is numbered by, in all spaces of the store. */
    private final AtomicLong numbers;

    private final Map<AccountId, AccountSlot> accounts = new ConcurrentHashMap<>();

    /** Held while an account is made, before its own lock is taken: who has this one sees all accounts up to some number. */
    final ReentrantLock making = new ReentrantLock();

    /** Short ways to the places of cells, by whatever kind and unit callers expect there. */
    private final Map<CellId, CellSlot> cells = new ConcurrentHashMap<>();

    private final Decisions decisions = new Decisions();
    private final Map<String, Key> references = new ConcurrentHashMap<>();
    private final Map<Key, Key> reversals = new ConcurrentHashMap<>();

    /** By their kind, the ids of the accounts that have cells. */
    private final Map<String, NavigableSet<String>> opened = new HashMap<>();

    private final ReentrantLock openedLock = new ReentrantLock();

    Space(String namespace, AtomicLong numbers) {
        this.namespace = namespace;
        this.numbers = numbers;
    }

    /** The account, or null where nobody has asked for it to change. */
    @Nullable
    AccountSlot find(AccountId account) {
        return accounts.get(account);
    }

    private AccountSlot account(AccountId account) {
        AccountSlot known = accounts.get(account);
        if (known != null) {
            return known;
        }
        making.lock();
        try {
            return accounts.computeIfAbsent(account, unused -> new AccountSlot(numbers.incrementAndGet()));
        } finally {
            making.unlock();
        }
    }

    /** The place of a cell, made where it is not there. */
    CellSlot cell(CellAddress address) {
        return account(address.account()).cell(address.name());
    }

    /** The places of the cells that operations address. */
    CellSlot[] cells(List<Operation> operations) {
        CellSlot[] all = new CellSlot[operations.size()];
        for (int i = 0; i < all.length; i++) {
            CellId id = operations.get(i).cell();
            CellSlot known = cells.get(id);
            all[i] = known != null
                    ? known
                    : cells.computeIfAbsent(id, unused -> account(id.account()).cell(id.name()));
        }
        return all;
    }

    /** The accounts of cells. */
    List<AccountSlot> accounts(Collection<CellAddress> addresses) {
        return addresses.stream().map(address -> account(address.account())).toList();
    }

    /** The accounts that anybody has asked for to change: of a kind, or of all kinds where that is null. */
    List<AccountSlot> accounts(@Nullable String kind, String idPrefix) {
        return accounts.entrySet().stream()
                .filter(one -> kind == null
                        || (one.getKey().kind().equals(kind)
                                && one.getKey().id().startsWith(idPrefix)))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Nullable
    StoredDecision decision(Key key) {
        Kept kept = decisions.get(key);
        return kept == null ? null : kept.decision(namespace);
    }

    PruneStep.Done prune(PruneStep step, Instant clock) {
        return decisions.prune(step, clock);
    }

    @Nullable
    Key reference(String reference) {
        return references.get(reference);
    }

    @Nullable
    Key reversal(Key reversed) {
        return reversals.get(reversed);
    }

    /**
     * Keeps a decision and what it changes, unless the key has one. It can be found a moment before the rest is there; but who
     * looks for that waits for the locks that are held here.
     *
     * @return the decision that the key had before, which stays, or null
     */
    @Nullable
    StoredDecision keep(Key key, Kept kept, Work work, List<Entry> entries) {
        // Whoever keeps his decision first has the key, whichever accounts the other one has locked.
        Kept earlier = work.opens() ? keepAndList(key, kept, entries) : decisions.putIfAbsent(key, kept);
        if (earlier != null) {
            return earlier.decision(namespace);
        }
        work.commit(entries);
        return null;
    }

    /** Remembers what an applied update holds; the locks of it are held. */
    void claim(StoredDecision decision) {
        if (decision.reference() != null) {
            references.put(decision.reference().reference(), decision.id().key());
        }
        if (decision.reversed() != null) {
            reversals.put(decision.reversed().key(), decision.id().key());
        }
    }

    /** In one step, so that a list shows all accounts of an update or none, and those of a decision that can be found. */
    private @Nullable Kept keepAndList(Key key, Kept kept, List<Entry> entries) {
        openedLock.lock();
        try {
            Kept earlier = decisions.putIfAbsent(key, kept);
            if (earlier == null) {
                entries.forEach(entry -> list(entry.cell().account()));
            }
            return earlier;
        } finally {
            openedLock.unlock();
        }
    }

    private void list(AccountId account) {
        opened.computeIfAbsent(account.kind(), unused -> new TreeSet<>(Texts::compareBinary))
                .add(account.id());
    }

    /** The kinds of accounts that have cells, in order. */
    List<String> kinds() {
        openedLock.lock();
        try {
            return opened.keySet().stream().sorted(Texts::compareBinary).toList();
        } finally {
            openedLock.unlock();
        }
    }

    /** All keys that are decided, in no order. */
    List<Key> keys() {
        return decisions.keys();
    }

    /** Accounts that have cells, by id: at most {@code limit} that begin with a prefix, behind an id. */
    List<AccountId> list(String kind, String prefix, @Nullable String after, int limit) {
        boolean within = after != null && Texts.compareBinary(after, prefix) >= 0;
        openedLock.lock();
        try {
            NavigableSet<String> ids = opened.getOrDefault(kind, new TreeSet<>());
            return (within ? ids.tailSet(after, false) : ids.tailSet(prefix, true))
                    .stream()
                            .takeWhile(id -> id.startsWith(prefix))
                            .limit(limit)
                            .map(id -> AccountId.of(kind, id))
                            .toList();
        } finally {
            openedLock.unlock();
        }
    }
}

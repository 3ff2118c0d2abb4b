package dev.counterfoil.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a good engineer writes by hand for many threads: a lock for each of 64 groups of accounts, taken in one order, and one
 * for each of 64 groups of keys before them; a concurrent map for the decisions.
 */
final class StripedBooks implements Books {
    private static final int STRIPES = 64;

    private final ReentrantLock[] keyLocks = locks();
    private final ReentrantLock[] accountLocks = locks();
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Decision> decisions = new ConcurrentHashMap<>();
    private final List<String> names = new ArrayList<>();

    /** What one balance is, with all that happened to it. */
    private static final class Account {
        final BigDecimal minimum = BigDecimal.ZERO;
        final List<Entry> entries = new ArrayList<>();
        BigDecimal balance;

        Account(BigDecimal first, Instant now) {
            balance = first;
            entries.add(new Entry(1, "open", first, first, now));
        }

        Entry post(String key, BigDecimal delta, Instant now) {
            balance = balance.add(delta);
            Entry entry = new Entry(entries.size() + 1L, key, delta, balance, now);
            entries.add(entry);
            return entry;
        }
    }

    private record Entry(long sequence, String key, BigDecimal delta, BigDecimal after, Instant recordedAt) {}

    private record Request(String from, String to, BigDecimal amount) {}

    private record Decision(Request request, @Nullable Receipt receipt, Instant recordedAt) {}

    private record Receipt(Entry from, Entry to) {}

    StripedBooks(int accounts) {
        for (int i = 0; i < accounts; i++) {
            String name = "account/" + i;
            names.add(name);
            this.accounts.put(name, new Account(FIRST, now()));
        }
    }

    private static ReentrantLock[] locks() {
        ReentrantLock[] locks = new ReentrantLock[STRIPES];
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new ReentrantLock();
        }
        return locks;
    }

    private static int stripe(String name) {
        int hash = name.hashCode();
        return (hash ^ (hash >>> 16)) & (STRIPES - 1);
    }

    @Override
    public int accounts() {
        return names.size();
    }

    @Override
    public boolean transfer(String key, int from, int to, BigDecimal amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("amount: must be above zero");
        }
        Request request = new Request(names.get(from), names.get(to), amount.setScale(2));
        ReentrantLock lock = keyLocks[stripe(key)];
        lock.lock();
        try {
            Decision decision = decisions.get(key);
            if (decision == null) {
                decision = decide(key, request);
                decisions.put(key, decision);
            } else if (!decision.request().equals(request)) {
                throw new IllegalStateException("key " + key + ": was used for something else");
            }
            return decision.receipt() != null;
        } finally {
            lock.unlock();
        }
    }

    private Decision decide(String key, Request request) {
        int one = stripe(request.from());
        int other = stripe(request.to());
        ReentrantLock first = accountLocks[Math.min(one, other)];
        ReentrantLock second = accountLocks[Math.max(one, other)];
        first.lock();
        try {
            second.lock();
            try {
                Account from = account(request.from());
                Account to = account(request.to());
                Instant now = now();
                if (from.balance.subtract(request.amount()).compareTo(from.minimum) < 0) {
                    return new Decision(request, null, now);
                }
                Entry taken = from.post(key, request.amount().negate(), now);
                return new Decision(request, new Receipt(taken, to.post(key, request.amount(), now)), now);
            } finally {
                second.unlock();
            }
        } finally {
            first.unlock();
        }
    }

    @Override
    public BigDecimal balance(int account) {
        return account(names.get(account)).balance;
    }

    @Override
    public long version(int account) {
        return account(names.get(account)).entries.size();
    }

    private Account account(String name) {
        return Objects.requireNonNull(accounts.get(name), name);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}

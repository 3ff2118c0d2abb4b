package dev.counterfoil.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a good engineer writes by hand in an afternoon: one lock around plain maps, with the same promises for a transfer.
 * Limits, a version and a history per balance, and the decision under each key, refusals too; a repeat gets the decision of
 * then if it asks for the same, and is an error if not.
 */
final class SynchronizedMapBooks implements Books {
    private final Object lock = new Object();
    private final Map<String, Account> accounts = new HashMap<>();
    private final Map<String, Decision> decisions = new HashMap<>();
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

    SynchronizedMapBooks(int accounts) {
        for (int i = 0; i < accounts; i++) {
            String name = "account/" + i;
            names.add(name);
            this.accounts.put(name, new Account(FIRST, now()));
        }
    }

    @Override
    public int accounts() {
        return names.size();
    }

    @Override
    public boolean transfer(String key, int from, int to, BigDecimal amount) {
        Request request = new Request(names.get(from), names.get(to), checked(amount));
        return decide(Objects.requireNonNull(key, "key"), request).receipt() != null;
    }

    private static BigDecimal checked(BigDecimal amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("amount: must be above zero");
        }
        return amount.setScale(2);
    }

    private Decision decide(String key, Request request) {
        synchronized (lock) {
            Decision earlier = decisions.get(key);
            if (earlier != null) {
                if (!earlier.request().equals(request)) {
                    throw new IllegalStateException("key " + key + ": was used for something else");
                }
                return earlier;
            }
            Account from = account(request.from());
            Account to = account(request.to());
            Instant now = now();
            Decision decision = new Decision(request, move(key, from, to, request.amount(), now), now);
            decisions.put(key, decision);
            return decision;
        }
    }

    private static @Nullable Receipt move(String key, Account from, Account to, BigDecimal amount, Instant now) {
        if (from.balance.subtract(amount).compareTo(from.minimum) < 0) {
            return null;
        }
        return new Receipt(from.post(key, amount.negate(), now), to.post(key, amount, now));
    }

    @Override
    public BigDecimal balance(int account) {
        synchronized (lock) {
            return account(names.get(account)).balance;
        }
    }

    @Override
    public long version(int account) {
        synchronized (lock) {
            return account(names.get(account)).entries.size();
        }
    }

    private Account account(String name) {
        return Objects.requireNonNull(accounts.get(name), name);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}

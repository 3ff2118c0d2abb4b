package dev.counterfoil.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a good engineer writes by hand without a lock of his own: the key is decided inside {@code computeIfAbsent}, each account
 * changed inside {@code compute}. It promises less: for a moment a reader sees the money gone from one account and not yet in
 * the other.
 */
final class ConcurrentMapBooks implements Books {
    private final ConcurrentHashMap<String, Account> accounts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Decision> decisions = new ConcurrentHashMap<>();
    private final List<String> names = new ArrayList<>();

    /** A balance; its list is changed only inside {@code compute}, and holds what came up to its version. */
    private record Account(BigDecimal balance, BigDecimal minimum, long version, List<Entry> entries) {
        Account post(String key, BigDecimal delta, Instant now) {
            BigDecimal after = balance.add(delta);
            entries.add(new Entry(version + 1, key, delta, after, now));
            return new Account(after, minimum, version + 1, entries);
        }

        Entry last() {
            return entries.get(entries.size() - 1);
        }
    }

    private record Entry(long sequence, String key, BigDecimal delta, BigDecimal after, Instant recordedAt) {}

    private record Request(String from, String to, BigDecimal amount) {}

    private record Decision(Request request, @Nullable Receipt receipt, Instant recordedAt) {}

    private record Receipt(Entry from, Entry to) {}

    ConcurrentMapBooks(int accounts) {
        for (int i = 0; i < accounts; i++) {
            String name = "account/" + i;
            names.add(name);
            Account empty = new Account(BigDecimal.ZERO, BigDecimal.ZERO, 0, new ArrayList<>());
            this.accounts.put(name, empty.post("open", FIRST, now()));
        }
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
        Decision decision = decisions.computeIfAbsent(key, unused -> decide(key, request));
        if (!decision.request().equals(request)) {
            throw new IllegalStateException("key " + key + ": was used for something else");
        }
        return decision.receipt() != null;
    }

    private Decision decide(String key, Request request) {
        Instant now = now();
        Entry[] entries = new Entry[2];
        accounts.computeIfPresent(request.from(), (unused, account) -> {
            if (account.balance().subtract(request.amount()).compareTo(account.minimum()) < 0) {
                return account;
            }
            Account after = account.post(key, request.amount().negate(), now);
            entries[0] = after.last();
            return after;
        });
        if (entries[0] == null) {
            return new Decision(request, null, now);
        }
        accounts.computeIfPresent(request.to(), (unused, account) -> {
            Account after = account.post(key, request.amount(), now);
            entries[1] = after.last();
            return after;
        });
        return new Decision(request, new Receipt(entries[0], entries[1]), now);
    }

    @Override
    public BigDecimal balance(int account) {
        return account(account).balance();
    }

    @Override
    public long version(int account) {
        return account(account).entries().size();
    }

    private Account account(int account) {
        return Objects.requireNonNull(accounts.get(names.get(account)));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}

package dev.counterfoil.testkit;

import dev.counterfoil.Key;
import dev.counterfoil.Rejected;
import dev.counterfoil.spi.DecisionId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a test has told its ledger to do, and what the ledger was sent: of all namespaces. Safe for use by many threads. */
final class Script implements InstantSource {
    private final Map<DecisionId, Deque<Injection>> next = new HashMap<>();
    private final Map<DecisionId, Injection> each = new HashMap<>();
    private final Set<DecisionId> used = new HashSet<>();
    private final Map<String, Deque<Injection>> nextOfAny = new HashMap<>();
    private final Map<DecisionId, Function<Rejected.Context, Rejected>> refusals = new HashMap<>();
    private final List<DecisionId> sent = new ArrayList<>();
    private Instant time;

    Script(Instant time) {
        this.time = time;
    }

    @Override
    public synchronized Instant instant() {
        return time;
    }

    synchronized void set(Instant time) {
        this.time = time;
    }

    synchronized void advance(Duration by) {
        time = time.plus(by);
    }

    synchronized void next(DecisionId id, Injection injection) {
        next.computeIfAbsent(id, unused -> new ArrayDeque<>()).add(injection);
    }

    synchronized void next(String namespace, Injection injection) {
        nextOfAny.computeIfAbsent(namespace, unused -> new ArrayDeque<>()).add(injection);
    }

    synchronized void each(DecisionId id, Injection injection) {
        each.put(id, injection);
        used.remove(id);
    }

    /** Notes a key that was sent; what is to happen to the call, or null. */
    synchronized @Nullable Injection sent(DecisionId id) {
        sent.add(id);
        Injection injection = poll(next.get(id));
        if (injection == null) {
            injection = each.get(id);
            if (injection != null) {
                used.add(id);
            }
        }
        return injection == null ? poll(nextOfAny.get(id.namespace())) : injection;
    }

    private static @Nullable Injection poll(@Nullable Deque<Injection> queue) {
        return queue == null ? null : queue.poll();
    }

    synchronized List<Key> sent(String namespace) {
        return sent.stream()
                .filter(id -> id.namespace().equals(namespace))
                .map(DecisionId::key)
                .toList();
    }

    synchronized void refuse(DecisionId id, Function<Rejected.Context, Rejected> refusal) {
        refusals.put(id, refusal);
    }

    synchronized void refuseNoMore(DecisionId id) {
        refusals.remove(id);
    }

    synchronized @Nullable Function<Rejected.Context, Rejected> refusal(DecisionId id) {
        return refusals.get(id);
    }

    /** What is left over, as texts. */
    synchronized List<String> left() {
        List<String> left = new ArrayList<>();
        next.forEach((id, queue) -> queue.forEach(injection -> left.add(describe(id) + ", next: " + injection)));
        each.forEach((id, injection) -> {
            if (!used.contains(id)) {
                left.add(describe(id) + ", each: " + injection);
            }
        });
        nextOfAny.forEach((namespace, queue) ->
                queue.forEach(injection -> left.add("any key" + in(namespace) + ", next: " + injection)));
        return left;
    }

    private static String describe(DecisionId id) {
        return id.key() + in(id.namespace());
    }

    private static String in(String namespace) {
        return namespace.isEmpty() ? "" : " in namespace " + namespace;
    }
}

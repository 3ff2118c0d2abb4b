package dev.counterfoil.testkit;

import dev.counterfoil.BatchException;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.Key;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.StoreLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger for the tests of applications: a real one in memory, with a clock that stands still until the test moves it. The
 * test can make calls fail, by the key that they send, and can ask which keys were sent. Each function of {@link #decide} is
 * run twice on the same view, and must answer alike.
 *
 * <pre>{@code
 * TestLedger ledger = TestLedger.create();
 * ledger.next("pay-7", Injection.answerLost());
 * service.pay("7");                                             // sends, hears nothing, sends again
 * assertThat(ledger.sentKeys()).containsExactly(Key.of("pay-7"), Key.of("pay-7"));
 * ledger.assertNothingLeft();
 * }</pre>
 *
 * <p>What is injected counts for {@link #apply}, {@link #applyAsync}, {@link #decide}, and each update of {@link #applyEach}
 * for itself; reads are never touched. Safe for use by many threads.
 */
public final class TestLedger extends StoreLedger {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final Script script;

    private TestLedger(Script script, LedgerSettings settings) {
        super(new RefusingStore(MemoryLedger.store(script), script), settings);
        this.script = script;
    }

    private TestLedger(TestLedger from, String namespace) {
        super(from, namespace);
        this.script = from.script;
    }

    /** An empty ledger; the time is 2026-01-01T00:00:00Z. */
    public static TestLedger create() {
        return create(FIRST);
    }

    /** An empty ledger at this time. */
    public static TestLedger create(Instant time) {
        return new TestLedger(new Script(Objects.requireNonNull(time, "time")), LedgerSettings.defaults());
    }

    /** The time. */
    public Instant time() {
        return script.instant();
    }

    /** Sets the time, back as well: recorded times then stand still, as they do where a server's clock goes back. */
    public void setTime(Instant time) {
        script.set(Objects.requireNonNull(time, "time"));
    }

    /** Moves the time on, or back. */
    public void advance(Duration by) {
        script.advance(by);
    }

    /** What happens to the next call that sends this key; of several, the first to the first call. */
    public void next(Key key, Injection injection) {
        script.next(id(key), Objects.requireNonNull(injection, "injection"));
    }

    /** As {@link #next(Key, Injection)}, with a key of the empty scope. */
    public void next(String key, Injection injection) {
        next(Key.of(key), injection);
    }

    /** What happens to the next call that sends any key for which nothing else is to happen: for keys that are random. */
    public void next(Injection injection) {
        script.next(settings().namespace(), Objects.requireNonNull(injection, "injection"));
    }

    /** What happens to each call that sends this key, and for which nothing else is next. */
    public void each(Key key, Injection injection) {
        script.each(id(key), Objects.requireNonNull(injection, "injection"));
    }

    /** As {@link #each(Key, Injection)}, with a key of the empty scope. */
    public void each(String key, Injection injection) {
        each(Key.of(key), injection);
    }

    /** The keys that were sent in this namespace, one for each time, in order, also where nothing came of it. */
    public List<Key> sentKeys() {
        return script.sent(settings().namespace());
    }

    /** Fails where something was to happen, in whatever namespace, and no call came for it. */
    public void assertNothingLeft() {
        List<String> left = script.left();
        if (!left.isEmpty()) {
            throw new AssertionError("no call came for: " + String.join("; ", left));
        }
    }

    @Override
    public Outcome apply(Update update) {
        Objects.requireNonNull(update, "update");
        return sent(update.key(), () -> super.apply(update));
    }

    @Override
    public List<Outcome> applyEach(List<Update> updates) {
        for (Update update : Objects.requireNonNull(updates, "updates")) {
            Objects.requireNonNull(update, "update");
        }
        List<BatchException.Result> results = new ArrayList<>();
        for (Update update : List.copyOf(updates)) {
            results.add(result(() -> apply(update)));
        }
        if (results.stream().anyMatch(result -> result.fault().isPresent())) {
            throw new BatchException(results);
        }
        return results.stream().map(result -> result.outcome().orElseThrow()).toList();
    }

    private static BatchException.Result result(Supplier<Outcome> call) {
        try {
            return new BatchException.Result(Optional.of(call.get()), Optional.empty());
        } catch (LedgerException fault) {
            return new BatchException.Result(Optional.empty(), Optional.of(fault));
        }
    }

    @Override
    public Outcome decide(Key key, String request, Collection<? extends CellId> reads, DecideFunction function) {
        Objects.requireNonNull(function, "function");
        return sent(
                Objects.requireNonNull(key, "key"),
                () -> super.decide(key, request, reads, view -> Twice.run(function, view)));
    }

    private Outcome sent(Key key, Supplier<Outcome> call) {
        return inside(() -> {
            Injection injection = script.sent(id(key));
            return injection == null
                    ? call.get()
                    : injection.around(key, () -> refused(key, injection.refusal(), call));
        });
    }

    private Outcome refused(Key key, @Nullable Function<Rejected.Context, Rejected> refusal, Supplier<Outcome> call) {
        if (refusal == null) {
            return call.get();
        }
        script.refuse(id(key), refusal);
        try {
            return call.get();
        } finally {
            script.refuseNoMore(id(key));
        }
    }

    @Override
    public TestLedger namespace(String namespace) {
        return new TestLedger(this, namespace);
    }

    private DecisionId id(Key key) {
        return new DecisionId(settings().namespace(), Objects.requireNonNull(key, "key"));
    }
}

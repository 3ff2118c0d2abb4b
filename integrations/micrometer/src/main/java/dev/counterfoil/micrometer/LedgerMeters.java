package dev.counterfoil.micrometer;

import dev.counterfoil.Fate;
import dev.counterfoil.FindingType;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerEvent.Call;
import dev.counterfoil.LedgerGauges;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the meters of a ledger: hand it to the ledger's builder as its listener. The table of meters is in
 * {@code docs/observability.md}; all begin with {@code counterfoil.} and have the tag {@code ledger}. No tag holds a key, an account
 * or a namespace, so that there are never more series than words for what can happen.
 *
 * <p>One object may be the listener of several ledgers, which are then counted together. Safe for use by many threads.
 */
public final class LedgerMeters implements LedgerListener {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Counters<Outcome> updates;
    private final Counters<Reason> refusals;
    private final Counters<FindingType> findings;
    private final Timers calls;
    private final Attempts attempts;
    private final DistributionSummary groupSize;
    private final Timer groups;
    private final Timer skew;
    private final Timer heldLong;
    private final Counter parked;
    private final List<LedgerGauges> ledgers = new CopyOnWriteArrayList<>();

    /** What became of an update. */
    enum Outcome {
        APPLIED,
        REFUSED,
        STALE,
        REPLAYED,
        KEY_REUSED,
        NOT_APPLIED,
        UNKNOWN
    }

    /**
     * Meters in a registry.
     *
     * @param registry where they are kept
     * @param ledger the value of the tag {@code ledger}, which tells this ledger's meters from another's
     */
    public LedgerMeters(MeterRegistry registry, String ledger) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.tags = Tags.of("ledger", Objects.requireNonNull(ledger, "ledger"));
        this.updates = new Counters<>(
                registry,
                "counterfoil.updates",
                "Updates by what became of them",
                tags,
                List.of(Call.APPLY, Call.APPLY_EACH, Call.DECIDE, Call.JOINED, Call.CORRECT),
                "outcome",
                Outcome.class);
        this.refusals = new Counters<>(
                registry, "counterfoil.refusals", "Refusals, repeats aside", tags, List.of(), "reason", Reason.class);
        this.findings = new Counters<>(
                registry,
                "counterfoil.findings",
                "What verifications found wrong",
                tags,
                List.of(),
                "finding",
                FindingType.class);
        this.calls = new Timers(registry, tags);
        this.attempts = new Attempts(registry, tags);
        this.groupSize = DistributionSummary.builder("counterfoil.group.size")
                .description("Requests that one commit answered")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
                .tags(tags)
                .register(registry);
        this.groups =
                Timers.timer("counterfoil.group.commit", "Transactions of groups that were committed", tags, registry);
        this.skew =
                plain("counterfoil.clock.skew", "How far the clock lay behind recorded times, each time it was seen");
        this.heldLong =
                plain("counterfoil.joined.held", "How long joined transactions had held cells that held them long");
        this.parked = Counter.builder("counterfoil.parked")
                .description("Requests that had to wait for cells that somebody else held")
                .tags(tags)
                .register(registry);
        gauge("counterfoil.calls.in.flight", "Calls that have no answer yet", LedgerGauges::inFlight);
        gauge("counterfoil.queue.length", "Requests that wait for the next group", LedgerGauges::queued);
        gauge("counterfoil.queue.parked", "Requests that wait for what somebody else holds", LedgerGauges::parked);
    }

    private Timer plain(String name, String description) {
        return Timer.builder(name).description(description).tags(tags).register(registry);
    }

    private void gauge(String name, String description, ToIntFunction<LedgerGauges> asked) {
        Gauge.builder(name, ledgers, all -> all.stream().mapToInt(asked).sum())
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void attached(LedgerGauges gauges) {
        ledgers.add(gauges);
    }

    @Override
    public void detached(LedgerGauges gauges) {
        ledgers.remove(gauges);
    }

    @Override
    public void on(LedgerEvent event) {
        if (event instanceof LedgerEvent.OfCall call) {
            onCall(call);
        } else if (event instanceof LedgerEvent.GroupCommitted group) {
            attempts.committed();
            groupSize.record(group.size());
            groups.record(group.took());
        } else if (event instanceof LedgerEvent.AttemptFailed failed) {
            attempts.failed(failed);
        } else if (event instanceof LedgerEvent.Retried retried) {
            attempts.retried(retried);
        } else if (event instanceof LedgerEvent.Listed list) {
            calls.of(Call.APPLY_EACH, list.faults() > 0).record(list.took());
        } else if (event instanceof LedgerEvent.Parked) {
            parked.increment();
        } else if (event instanceof LedgerEvent.ClockSkew found) {
            skew.record(found.behind());
        } else if (event instanceof LedgerEvent.HeldLong transaction) {
            heldLong.record(transaction.held());
        } else if (event instanceof LedgerEvent.Found found) {
            findings.increment(null, found.finding().type());
        }
    }

    private void onCall(LedgerEvent.OfCall event) {
        LedgerEvent.Context context = event.context();
        Call call = context.call();
        Outcome outcome = outcome(event);
        if (outcome != null) {
            updates.increment(call, outcome);
        }
        if (event instanceof LedgerEvent.Refused refused) {
            refusals.increment(null, refused.reason());
        } else if (event instanceof LedgerEvent.Stale) {
            refusals.increment(null, Reason.VERSION_DIFFERS);
        }
        if (call != Call.APPLY_EACH) {
            calls.of(call, event instanceof LedgerEvent.Failed).record(context.took());
        }
    }

    /** Null for a call that was to decide nothing. */
    private static @Nullable Outcome outcome(LedgerEvent.OfCall event) {
        if (event.context().key() == null || event instanceof LedgerEvent.Answered) {
            return null;
        }
        if (event instanceof LedgerEvent.Applied) {
            return Outcome.APPLIED;
        }
        if (event instanceof LedgerEvent.Refused) {
            return Outcome.REFUSED;
        }
        if (event instanceof LedgerEvent.Replayed) {
            return Outcome.REPLAYED;
        }
        if (event instanceof LedgerEvent.Stale) {
            return Outcome.STALE;
        }
        if (event instanceof LedgerEvent.KeyReused) {
            return Outcome.KEY_REUSED;
        }
        return event instanceof LedgerEvent.Failed failed && failed.fate() == Fate.UNKNOWN
                ? Outcome.UNKNOWN
                : Outcome.NOT_APPLIED;
    }
}

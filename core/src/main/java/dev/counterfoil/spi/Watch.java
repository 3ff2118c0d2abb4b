package dev.counterfoil.spi;

import dev.counterfoil.Applied;
import dev.counterfoil.Fate;
import dev.counterfoil.KeyReused;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerException;
import dev.counterfoil.LedgerGauges;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells listener and log of a ledger what becomes of its calls. What happens while others wait for a thread is noted, and told
 * when the call of that thread is over. Where nobody listens it costs a look at a field. Safe for use by many threads.
 */
final class Watch {
    /** Nobody listens. */
    static final Watch NONE = new Watch(Watching.DEFAULT, () -> null);

    private final @Nullable LedgerListener listener;
    private final Isolation isolation = new Isolation();
    private final FailureLog log;
    private final Supplier<@Nullable Duration> skew;

    @SuppressWarnings("ThreadLocalUsage") // What is noted is for the listener of this ledger.
    private final ThreadLocal<@Nullable List<LedgerEvent>> noted = new ThreadLocal<>();

    /**
     * A watch.
     *
     * @param watching who is told
     * @param skew asks the store how far its clock was seen to lie behind, once for each time that it was
     */
    Watch(Watching watching, Supplier<@Nullable Duration> skew) {
        this.listener = watching.listener();
        this.log = new FailureLog(watching);
        this.skew = skew;
    }

    void attached(LedgerGauges gauges) {
        LedgerListener told = listener;
        if (told != null) {
            isolation.call(() -> told.attached(gauges));
        }
    }

    void detached(LedgerGauges gauges) {
        LedgerListener told = listener;
        if (told != null) {
            isolation.call(() -> told.detached(gauges));
        }
    }

    boolean listens() {
        return listener != null;
    }

    /** When something begins that is to be told with its time. */
    long begin() {
        return listener == null ? 0 : System.nanoTime();
    }

    static Duration since(long began) {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - began));
    }

    /** The same policy; failed attempts and retries are noted. */
    RetryPolicy watched(RetryPolicy policy, boolean reading) {
        return listener == null ? policy : policy.withListener(new AttemptWatch(this, reading));
    }

    /** Tells it now: nobody waits for this thread. */
    void tell(LedgerEvent event) {
        LedgerListener told = listener;
        if (told != null) {
            isolation.call(() -> told.on(event));
        }
    }

    /** Keeps it until the call that this thread makes is over. */
    void note(LedgerEvent event) {
        if (listener != null) {
            List<LedgerEvent> all = noted.get();
            if (all == null) {
                all = new ArrayList<>(2);
                noted.set(all);
            }
            all.add(event);
        }
    }

    /** A transaction was committed that has answered these. */
    void committed(List<Answer> answers, long began) {
        if (listener != null) {
            int size = 0;
            for (Answer answer : answers) {
                size += answer instanceof Answer.Decided ? 1 : 0;
            }
            if (size > 0) {
                note(new LedgerEvent.GroupCommitted(size, since(began)));
            }
        }
    }

    /** An update was decided alone. */
    void committedOne(long began) {
        if (listener != null) {
            note(new LedgerEvent.GroupCommitted(1, since(began)));
        }
    }

    /** A request is parked for the first time. */
    void parked(Request request, Iterable<CellAddress> waitsFor) {
        if (listener != null) {
            List<LedgerEvent.CellName> cells = new ArrayList<>();
            waitsFor.forEach(cell -> cells.add(new LedgerEvent.CellName(cell.account(), cell.name())));
            note(new LedgerEvent.Parked(request.namespace(), request.key(), List.copyOf(cells)));
        }
    }

    /** A group goes again in halves. */
    void halved(int attempt, Exception failure) {
        if (listener != null) {
            note(new LedgerEvent.Retried(false, attempt, Troubles.of(failure), Duration.ZERO));
        }
    }

    /** Tells what was noted on this thread; called when nobody waits for it. */
    void tell() {
        LedgerListener told = listener;
        if (told == null) {
            return;
        }
        Duration behind = skew.get();
        List<LedgerEvent> all = noted.get();
        if (all != null) {
            noted.set(null);
            all.forEach(event -> isolation.call(() -> told.on(event)));
        }
        if (behind != null) {
            isolation.call(() -> told.on(new LedgerEvent.ClockSkew(behind)));
        }
    }

    /** True where somebody wants to know of this outcome. */
    boolean cares(Outcome outcome) {
        return listener != null || !(outcome instanceof Applied);
    }

    /** An update has its outcome. */
    void answered(Subject subject, Outcome outcome, long began) {
        log.answered(subject, outcome);
        if (listener != null) {
            note(event(subject, outcome, since(began)));
            tell();
        }
    }

    /** A call that decides nothing has its answer; asked only where somebody listens. */
    void looked(Subject subject, long began) {
        note(new LedgerEvent.Answered(context(subject, since(began), false)));
        tell();
    }

    /** A call ended by throwing; what is no fault is none of a listener's business. */
    void failed(Subject subject, Throwable thrown, long began) {
        if (thrown instanceof LedgerException fault) {
            log.failed(subject, fault);
            if (listener != null) {
                note(failed(subject, fault, since(began)));
            }
        }
        tell();
    }

    /** The function of a decide threw. */
    void functionThrew(Subject subject, Throwable thrown, long began) {
        log.functionThrew(subject, thrown);
        if (listener != null) {
            note(new LedgerEvent.Failed(context(subject, since(began), false), Fate.NOT_APPLIED, 0, null));
        }
        tell();
    }

    /** A list has its answer. */
    void listed(String namespace, List<Update> updates, List<End> ends, long began) {
        Duration took = listener == null ? Duration.ZERO : since(began);
        int faults = 0;
        for (int i = 0; i < ends.size(); i++) {
            LedgerException fault = ends.get(i).fault();
            Outcome outcome = fault == null ? StoreLedger.decided(ends.get(i)) : null;
            if (outcome != null && !cares(outcome)) {
                continue;
            }
            Subject subject = Subject.of(LedgerEvent.Call.APPLY_EACH, namespace, updates.get(i));
            if (outcome != null) {
                log.answered(subject, outcome);
            } else if (fault != null) {
                faults++;
                log.failed(subject, fault);
            }
            if (listener != null && outcome != null) {
                note(event(subject, outcome, took));
            } else if (listener != null && fault != null) {
                note(failed(subject, fault, took));
            }
        }
        if (listener != null) {
            note(new LedgerEvent.Listed(namespace, ends.size(), faults, took));
            tell();
        }
    }

    private static LedgerEvent failed(Subject subject, LedgerException fault, Duration took) {
        return new LedgerEvent.Failed(
                context(subject, took, false), fault.fate(), fault.attempts(), Troubles.of(fault.getCause()));
    }

    private static LedgerEvent event(Subject subject, Outcome outcome, Duration took) {
        if (outcome instanceof Applied applied) {
            LedgerEvent.Context context = context(subject, took, applied.provisional());
            return applied.replayed() ? new LedgerEvent.Replayed(context, null) : new LedgerEvent.Applied(context);
        }
        if (outcome instanceof KeyReused) {
            return new LedgerEvent.KeyReused(context(subject, took, false));
        }
        Rejected no = (Rejected) outcome;
        boolean joined = subject.call() == LedgerEvent.Call.JOINED;
        LedgerEvent.Context context = context(subject, took, joined && !no.replayed());
        if (no.replayed()) {
            return new LedgerEvent.Replayed(context, no.reason());
        }
        return no instanceof Rejected.VersionDiffers
                ? new LedgerEvent.Stale(context)
                : new LedgerEvent.Refused(context, no.reason());
    }

    private static LedgerEvent.Context context(Subject subject, Duration took, boolean provisional) {
        return new LedgerEvent.Context(
                subject.namespace(), subject.call(), subject.key(), subject.accounts(), took, provisional);
    }
}

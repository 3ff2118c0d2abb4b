package dev.counterfoil.testkit;

import dev.counterfoil.Key;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a {@link TestLedger} does to a call that sends a key. Immutable. */
public final class Injection {
    private final String name;
    private final Around around;

    /** What refuses the update in place of the rules, or null. */
    private final @Nullable Function<Rejected.Context, Rejected> refusal;

    /** What is done instead of a call, or before or after it. */
    private interface Around {
        Outcome run(Key key, Supplier<Outcome> call);
    }

    private Injection(String name, Around around, @Nullable Function<Rejected.Context, Rejected> refusal) {
        this.name = name;
        this.around = around;
        this.refusal = refusal;
    }

    private static Injection of(String name, Around around) {
        return new Injection(name, around, null);
    }

    /**
     * The update is refused although it may be allowed, and the refusal is kept under the key, as any other is: sent again, it
     * is refused alike. A key that was decided before is answered as it was. Of the details only operation and cell mean
     * something; amounts are zero and texts empty.
     */
    public static Injection refused(Reason reason) {
        Objects.requireNonNull(reason, "reason");
        return refused("refused with " + reason, context -> StandIns.refusal(reason, context));
    }

    /**
     * As {@link #refused(Reason)}, with details for a caller that shows them.
     *
     * @param refusal makes it of what every refusal has, such as
     *     {@code context -> new Rejected.OutOfBounds(Reason.BELOW_MINIMUM, context, before, after, limit)}
     */
    public static Injection refused(Function<Rejected.Context, Rejected> refusal) {
        return refused("refused", Objects.requireNonNull(refusal, "refusal"));
    }

    private static Injection refused(String name, Function<Rejected.Context, Rejected> refusal) {
        return new Injection(name, (key, call) -> call.get(), refusal);
    }

    /** The update is decided, and the answer is lost: the call ends UNKNOWN. Sent again, it is replayed. */
    public static Injection answerLost() {
        return of("the answer is lost", (key, call) -> {
            Outcome unused = call.get();
            throw new OutcomeUnknownException(key, "injected: the answer was lost", null);
        });
    }

    /** The update does not arrive, and the caller cannot tell: the call ends UNKNOWN. Sent again, it is decided then. */
    public static Injection requestLost() {
        return of("the request is lost", (key, call) -> {
            throw new OutcomeUnknownException(key, "injected: the request was lost", null);
        });
    }

    /** The store cannot do it: the call ends NOT_APPLIED. */
    public static Injection notApplied() {
        return of("not applied", (key, call) -> {
            throw new NotAppliedException("injected: the store could not do it", null);
        });
    }

    /**
     * The call takes so much longer, by the machine's clock, and then goes its way. An interrupt ends it NOT_APPLIED.
     *
     * @param time zero or above
     */
    public static Injection delayed(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time: " + time + " is negative");
        }
        return of("delayed by " + time, (key, call) -> {
            try {
                TimeUnit.NANOSECONDS.sleep(time.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NotAppliedException("injected: interrupted while it was delayed", e);
            }
            return call.get();
        });
    }

    Outcome around(Key key, Supplier<Outcome> call) {
        return around.run(key, call);
    }

    @Nullable
    Function<Rejected.Context, Rejected> refusal() {
        return refusal;
    }

    /** What it does. */
    @Override
    public String toString() {
        return name;
    }
}

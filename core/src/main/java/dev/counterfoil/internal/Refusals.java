package dev.counterfoil.internal;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Rejected;
import dev.counterfoil.Rejected.Context;
import java.time.Instant;

/** Copies of refusals that differ in their context only. */
public final class Refusals {
    private Refusals() {}

    /** The same decision, marked as given again. */
    public static Decision replayed(Decision decision) {
        if (decision instanceof Rejected refusal) {
            Context c = refusal.context();
            return with(refusal, new Context(c.key(), c.recordedAt(), true, c.index(), c.cell(), c.decidedBy()));
        }
        return new Applied(((Applied) decision).receipt(), true);
    }

    /** The same refusal, recorded at another time. */
    public static Rejected at(Rejected refusal, Instant recordedAt) {
        Context c = refusal.context();
        return with(refusal, new Context(c.key(), recordedAt, false, c.index(), c.cell(), c.decidedBy()));
    }

    private static Rejected with(Rejected refusal, Context context) {
        if (refusal instanceof Rejected.OutOfBounds r) {
            return new Rejected.OutOfBounds(r.reason(), context, r.before(), r.after(), r.limit());
        }
        if (refusal instanceof Rejected.NotMet r) {
            return new Rejected.NotMet(r.reason(), context, r.observed(), r.required());
        }
        if (refusal instanceof Rejected.ValueDiffers r) {
            return new Rejected.ValueDiffers(context, r.observed(), r.required());
        }
        if (refusal instanceof Rejected.VersionDiffers r) {
            return new Rejected.VersionDiffers(context, r.observed(), r.required());
        }
        if (refusal instanceof Rejected.WrongKind r) {
            return new Rejected.WrongKind(context, r.observed(), r.required());
        }
        if (refusal instanceof Rejected.UnitDiffers r) {
            return new Rejected.UnitDiffers(context, r.observed(), r.required());
        }
        if (refusal instanceof Rejected.NotZero r) {
            return new Rejected.NotZero(context, r.observed());
        }
        if (refusal instanceof Rejected.ReferenceTaken r) {
            return new Rejected.ReferenceTaken(context, r.reference());
        }
        if (refusal instanceof Rejected.NotReversible r) {
            return new Rejected.NotReversible(r.reason(), context, r.reversed());
        }
        if (refusal instanceof Rejected.Declined r) {
            return new Rejected.Declined(context, r.code(), r.message());
        }
        return refusal instanceof Rejected.Pruned
                ? new Rejected.Pruned(refusal.reason(), context)
                : new Rejected.WrongState(refusal.reason(), context);
    }
}

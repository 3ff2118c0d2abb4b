package dev.counterfoil;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The update was refused: nothing changed. The refusal is kept under the key, so that a repeat is refused alike, except where
 * the {@link #reason()} is {@link Reason#VERSION_DIFFERS} or the update was {@linkplain Update#retryable() retryable}.
 */
public sealed interface Rejected extends Decision {
    /** The index of a refusal that no single operation caused. */
    int NO_OPERATION = -1;

    /** Why. */
    Reason reason();

    /** What every refusal has. */
    Context context();

    @Override
    default Key key() {
        return context().key();
    }

    @Override
    default Instant recordedAt() {
        return context().recordedAt();
    }

    @Override
    default boolean replayed() {
        return context().replayed();
    }

    /** The position of the operation that was refused, from 0; {@link #NO_OPERATION} where it was no single one. */
    default int index() {
        return context().index();
    }

    /** The cell of that operation, or null where the refusal is about no cell. */
    default @Nullable CellId cell() {
        return context().cell();
    }

    /** The update that last changed what was observed, or null where nothing was there. */
    default @Nullable Key decidedBy() {
        return context().decidedBy();
    }

    /**
     * What every refusal has.
     *
     * @param key the update's key
     * @param recordedAt when it was decided
     * @param replayed true where this is an earlier refusal again
     * @param index the position of the operation, or {@link #NO_OPERATION}
     * @param cell the cell of the operation, or null
     * @param decidedBy the update that last changed what was observed, or null
     */
    record Context(
            Key key,
            Instant recordedAt,
            boolean replayed,
            int index,
            @Nullable CellId cell,
            @Nullable Key decidedBy) {}

    /**
     * BELOW_MINIMUM, ABOVE_MAXIMUM or OVERFLOW: the balance would have left its limits.
     *
     * @param reason which of them
     * @param context what every refusal has
     * @param before the balance at that step
     * @param after what it would have become
     * @param limit the limit that it would have passed
     */
    record OutOfBounds(Reason reason, Context context, BigDecimal before, BigDecimal after, BigDecimal limit)
            implements Rejected {}

    /**
     * BELOW_REQUIRED or ABOVE_REQUIRED: a check of a balance was not met.
     *
     * @param reason which of them
     * @param context what every refusal has
     * @param observed the balance at that step
     * @param required the amount asked for
     */
    record NotMet(Reason reason, Context context, BigDecimal observed, BigDecimal required) implements Rejected {}

    /**
     * VALUE_DIFFERS: the register had another text.
     *
     * @param context what every refusal has
     * @param observed the text at that step
     * @param required the text expected
     */
    record ValueDiffers(Context context, String observed, String required) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.VALUE_DIFFERS;
        }
    }

    /**
     * VERSION_DIFFERS: somebody changed the cell since it was read. Never kept: read again and send again.
     *
     * @param context what every refusal has
     * @param observed the cell's version at that step
     * @param required the version asked for
     */
    record VersionDiffers(Context context, long observed, long required) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.VERSION_DIFFERS;
        }
    }

    /**
     * WRONG_KIND: the cell is of another kind.
     *
     * @param context what every refusal has
     * @param observed the kind that is there
     * @param required the kind asked for
     */
    record WrongKind(Context context, CellKind observed, CellKind required) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.WRONG_KIND;
        }
    }

    /**
     * UNIT_DIFFERS: the balance counts another unit.
     *
     * @param context what every refusal has
     * @param observed the unit that is there
     * @param required the unit asked for
     */
    record UnitDiffers(Context context, Unit observed, Unit required) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.UNIT_DIFFERS;
        }
    }

    /**
     * NOT_ZERO: only a balance of zero can be closed.
     *
     * @param context what every refusal has
     * @param observed the balance at that step
     */
    record NotZero(Context context, BigDecimal observed) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.NOT_ZERO;
        }
    }

    /**
     * ALREADY_EXISTS, NOT_FOUND, CLOSED or NOT_CLOSED: the cell is not in the state that the operation needs.
     *
     * @param reason which of them
     * @param context what every refusal has
     */
    record WrongState(Reason reason, Context context) implements Rejected {}

    /**
     * REFERENCE_TAKEN: {@link #decidedBy()} holds the business reference.
     *
     * @param context what every refusal has
     * @param reference the reference
     */
    record ReferenceTaken(Context context, String reference) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.REFERENCE_TAKEN;
        }
    }

    /**
     * ALREADY_REVERSED: {@link #decidedBy()} reversed the update; or NOT_FOUND: no update of this
     * key that moved these amounts was applied in this namespace.
     *
     * @param reason which of them
     * @param context what every refusal has
     * @param reversed the update that was to be reversed
     */
    record NotReversible(Reason reason, Context context, Key reversed) implements Rejected {}

    /**
     * Any reason: an earlier refusal of which only that is left, because its details were {@linkplain Ledger#prune pruned}. It
     * names no operation and no cell, and not who decided.
     *
     * @param reason why it was refused
     * @param context what every refusal has
     */
    record Pruned(Reason reason, Context context) implements Rejected {
        /** A refusal of which no more is left. */
        public static Pruned of(Reason reason, Key key, Instant recordedAt) {
            return new Pruned(reason, new Context(key, recordedAt, false, NO_OPERATION, null, null));
        }
    }

    /**
     * DECLINED: the caller's own function said no.
     *
     * @param context what every refusal has
     * @param code the function's code
     * @param message the function's message
     */
    record Declined(Context context, String code, String message) implements Rejected {
        @Override
        public Reason reason() {
            return Reason.DECLINED;
        }
    }
}

package dev.counterfoil.testkit;

import dev.counterfoil.CellKind;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import java.math.BigDecimal;

/** A refusal of each shape whose details say nothing. */
final class StandIns {
    private static final BigDecimal ZERO = BigDecimal.ZERO;
    private static final Unit NONE = Unit.of("none", 0);

    private StandIns() {}

    static Rejected refusal(Reason reason, Rejected.Context c) {
        return switch (reason) {
            case BELOW_MINIMUM, ABOVE_MAXIMUM, OVERFLOW -> new Rejected.OutOfBounds(reason, c, ZERO, ZERO, ZERO);
            case BELOW_REQUIRED, ABOVE_REQUIRED -> new Rejected.NotMet(reason, c, ZERO, ZERO);
            case VALUE_DIFFERS -> new Rejected.ValueDiffers(c, "", "");
            case VERSION_DIFFERS -> new Rejected.VersionDiffers(c, 0, 0);
            case WRONG_KIND -> new Rejected.WrongKind(c, CellKind.JOURNAL, CellKind.BALANCE);
            case UNIT_DIFFERS -> new Rejected.UnitDiffers(c, NONE, NONE);
            case NOT_ZERO -> new Rejected.NotZero(c, ZERO);
            case REFERENCE_TAKEN -> new Rejected.ReferenceTaken(whole(c), "");
            case ALREADY_REVERSED -> new Rejected.NotReversible(reason, whole(c), c.key());
            case DECLINED -> new Rejected.Declined(whole(c), "INJECTED", "injected");
            case NOT_FOUND, ALREADY_EXISTS, CLOSED, NOT_CLOSED -> new Rejected.WrongState(reason, c);
        };
    }

    /** Of a refusal that no single operation causes. */
    private static Rejected.Context whole(Rejected.Context c) {
        return new Rejected.Context(c.key(), c.recordedAt(), c.replayed(), Rejected.NO_OPERATION, null, null);
    }
}

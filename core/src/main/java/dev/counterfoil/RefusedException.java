package dev.counterfoil;

/**
 * A "no" as an exception, where the caller asked for one; see {@link Outcome#orThrow()}. This call applied nothing. It is no
 * {@link LedgerException}: sending the update again gets the same answer.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    /** The exception for an outcome that is not {@link Applied}. */
    public RefusedException(Outcome outcome) {
        super(describe(outcome));
        this.outcome = outcome;
    }

    /** The outcome: {@link Rejected} or {@link KeyReused}. */
    public Outcome outcome() {
        return outcome;
    }

    private static String describe(Outcome outcome) {
        if (outcome instanceof Rejected no) {
            String code = no instanceof Rejected.Declined declined ? " " + declined.code() : "";
            String cell = no.cell() == null ? "" : " at " + no.cell();
            String index = no.index() < 0 ? "" : " (operation " + no.index() + ")";
            return "refused: " + no.reason() + code + cell + index + (no.replayed() ? ", replayed" : "");
        }
        return "refused: the key was used before for an update of other content";
    }
}

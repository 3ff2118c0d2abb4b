package dev.counterfoil;

import java.util.List;
import java.util.Optional;

/**
 * Some updates of {@link Ledger#applyEach} ended in a fault. All were tried; the same list can be sent again, and those that
 * were decided are replayed. The message says how many were applied, refused, not applied, and left unknown.
 */
public final class BatchException extends LedgerException {
    private static final long serialVersionUID = 1L;

    private final transient List<Result> results;

    /**
     * What became of one update.
     *
     * @param outcome its outcome, if it was decided
     * @param fault its fault, if not
     */
    public record Result(Optional<Outcome> outcome, Optional<LedgerException> fault) {}

    /**
     * The exception for a list of which at least one ended in a fault. Its fate is that of those: unknown if that of one is, else
     * not applied; the others may be applied.
     */
    public BatchException(List<Result> results) {
        super(fate(results), describe(results), firstFault(results));
        this.results = List.copyOf(results);
    }

    /** One result per update, in the order of the list. */
    public List<Result> results() {
        return results;
    }

    private static Fate fate(List<Result> results) {
        boolean unknown = results.stream().flatMap(r -> r.fault().stream()).anyMatch(f -> f.fate() == Fate.UNKNOWN);
        return unknown ? Fate.UNKNOWN : Fate.NOT_APPLIED;
    }

    private static String describe(List<Result> results) {
        long applied = count(results, Applied.class);
        long refused = count(results, Rejected.class);
        long keyReused = count(results, KeyReused.class);
        long notApplied = count(results, Fate.NOT_APPLIED);
        long unknown = count(results, Fate.UNKNOWN);
        return "of " + results.size() + " updates: " + applied + " applied, " + refused + " refused, "
                + (keyReused > 0 ? keyReused + " under a key that was used before, " : "") + notApplied
                + " not applied, " + unknown + " unknown; send the same list again";
    }

    private static long count(List<Result> results, Class<? extends Outcome> kind) {
        return results.stream()
                .filter(r -> r.outcome().filter(kind::isInstance).isPresent())
                .count();
    }

    private static long count(List<Result> results, Fate fate) {
        return results.stream()
                .filter(r -> r.fault().filter(f -> f.fate() == fate).isPresent())
                .count();
    }

    private static LedgerException firstFault(List<Result> results) {
        return results.stream().flatMap(r -> r.fault().stream()).findFirst().orElseThrow();
    }
}

package dev.counterfoil;

/**
 * Reads and decides. It may run more than once, so it must have no effect but its result; it must not call a ledger, and
 * should be quick, because its last run happens while the cells are locked.
 */
@FunctionalInterface
public interface DecideFunction {
    /**
     * The update to apply, or a decline.
     *
     * @param now one consistent view of the declared cells
     */
    Proposal decide(DecideView now);
}

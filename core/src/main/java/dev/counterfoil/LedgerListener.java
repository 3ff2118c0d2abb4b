package dev.counterfoil;

/**
 * Is told what becomes of the calls of a ledger, for metrics, audits and the like: {@code builder.listener(…)}.
 *
 * <p>It is told on the thread of a call, when that call has its answer: nothing is locked then, no connection is held, nobody
 * waits for the thread, and what was applied is committed ({@linkplain LedgerEvent.Context#provisional() unless it says
 * otherwise}). So it may take its time, which is its caller's alone; but what it is told of waits and retries it is told when they
 * are over. How many wait now is asked of {@link LedgerGauges}. A step of a transaction of the caller's own is told while
 * that holds its cells: a listener that calls the ledger for them then waits for its own caller, until the time-out.
 *
 * <p>Whatever it throws, an {@link Error} too, is caught and logged, at most once a minute, and changes nothing: the outcome is
 * decided by then, and its caller must get it. Implementations must be safe for use by many threads.
 */
@FunctionalInterface
public interface LedgerListener {
    /** Something happened. Events may be added in later versions: pass over those that you do not know. */
    void on(LedgerEvent event);

    /**
     * A ledger was built that will tell this listener.
     *
     * @param gauges what can be asked of it at any time
     */
    default void attached(LedgerGauges gauges) {}

    /**
     * A ledger was closed and tells nothing more.
     *
     * @param gauges what {@link #attached} was given
     */
    default void detached(LedgerGauges gauges) {}
}

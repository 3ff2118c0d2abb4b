package dev.counterfoil;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LedgerListener} is told. No event holds an amount, a payload or the value of a register. Those that say what became
 * of a call or an update are {@link OfCall}, the others tell of the work that was done for any number of them.
 */
public sealed interface LedgerEvent {
    /** What was called. */
    enum Call {
        /** {@link Ledger#apply} or {@link Ledger#applyAsync}. */
        APPLY,
        /** {@link Ledger#applyEach}: an event for each update, and {@link Listed} for the list. */
        APPLY_EACH,
        /** {@link Ledger#decide(Key, String, java.util.Collection, DecideFunction)}. */
        DECIDE,
        /** A step in a transaction of the caller's own. */
        JOINED,
        /** {@link Ledger#read}. */
        READ,
        /** A page of a history. */
        HISTORY,
        /** {@link Ledger#find(Key)}. */
        FIND,
        /** A page of {@link Ledger#accounts}. */
        ACCOUNTS,
        /** A look at a version or at a time that has passed: {@code asOf}. */
        AS_OF,
        /** {@code statement}, with the time that the caller's own code took for the entries. */
        STATEMENT,
        /** {@link Ledger#trialBalance()}. */
        TRIAL_BALANCE,
        /** {@link Ledger#verify(VerifyRequest, VerifyListener)}. */
        VERIFY,
        /** {@code restoreFromEntries} or {@code acceptObserved}. */
        CORRECT,
        /** {@link Ledger#prune}. */
        PRUNE
    }

    /** Where a transaction stood when it failed. */
    enum Phase {
        /** It had not begun: no connection, no turn, no lock. */
        ACQUIRE,
        /** It had begun, and its commit had not been sent. */
        BODY,
        /** Its commit had been sent. */
        COMMIT
    }

    /** What the failure of a transaction means. */
    enum Kind {
        /** Nothing was applied, and it may pass if it is sent again: a conflict, a deadlock, a lost link. */
        TRANSIENT,
        /** Nothing was applied: the database refused a value of one request of the group. */
        ONE_REQUEST,
        /** Nothing was applied, and sending it again at once would not help. */
        PERMANENT,
        /** It may have been applied or not. */
        UNKNOWN
    }

    /**
     * How a transaction failed.
     *
     * @param kind what that means
     * @param phase where it stood
     * @param sqlState the database's SQLState, or null where it gave none
     */
    record Trouble(Kind kind, Phase phase, @Nullable String sqlState) {}

    /**
     * What every event of a call has.
     *
     * @param namespace the namespace
     * @param call what was called
     * @param key the key, or null for a call that has none
     * @param accounts the accounts that it names, each once; those that only a list of cells to lock or a page names are left out
     * @param took from the call to its answer; of each update of a list, the time of the whole list
     * @param provisional true for a step in a transaction of the caller's own that he has not committed: it counts only if he does
     */
    record Context(
            String namespace,
            Call call,
            @Nullable Key key,
            List<AccountId> accounts,
            Duration took,
            boolean provisional) {}

    /** What became of a call, or of one update of a list. */
    sealed interface OfCall extends LedgerEvent {
        /** What was called, how long it took, and the like. */
        Context context();
    }

    /**
     * An update was applied now.
     *
     * @param context of the call
     */
    record Applied(Context context) implements OfCall {}

    /**
     * An update was refused now.
     *
     * @param context of the call
     * @param reason why
     */
    record Refused(Context context, Reason reason) implements OfCall {}

    /**
     * An update was refused with {@link Reason#VERSION_DIFFERS}, which is no decision: it is to be made anew from what is there now.
     *
     * @param context of the call
     */
    record Stale(Context context) implements OfCall {}

    /**
     * A key was sent again and got its decision again.
     *
     * @param context of the call
     * @param reason why it had been refused, or null where it had been applied
     */
    record Replayed(Context context, @Nullable Reason reason) implements OfCall {}

    /**
     * A key came with other content than it was decided for: a fault of the caller's keys.
     *
     * @param context of the call
     */
    record KeyReused(Context context) implements OfCall {}

    /**
     * A call, or an update of a list, ended in a fault; or the function of a decide threw, and nothing was applied.
     *
     * @param context of the call
     * @param fate what became of the money
     * @param attempts how often it was tried at last; 0 where it did not get to the store, or that is not known
     * @param trouble how the last attempt failed, or null where that was not the database
     */
    record Failed(
            Context context,
            Fate fate,
            int attempts,
            @Nullable Trouble trouble) implements OfCall {}

    /**
     * A call that decides nothing was answered: a read, or the locking of cells.
     *
     * @param context of the call
     */
    record Answered(Context context) implements OfCall {}

    /**
     * A list of updates was answered; told behind the events of its updates.
     *
     * @param namespace the namespace
     * @param size how many updates
     * @param faults how many of them ended in a fault
     * @param took from the call to its answer
     */
    record Listed(String namespace, int size, int faults, Duration took) implements LedgerEvent {}

    /**
     * A transaction failed, one attempt at a group or at a read.
     *
     * @param reading true for a read
     * @param attempt which attempt, from 1
     * @param trouble how it failed, or null where the store broke the rules
     */
    record AttemptFailed(
            boolean reading, int attempt, @Nullable Trouble trouble) implements LedgerEvent {}

    /**
     * What failed is tried again, as a whole or in halves.
     *
     * @param reading true for a read
     * @param attempt which attempt had failed, from 1
     * @param trouble how it had failed
     * @param pause how long was waited before
     */
    record Retried(boolean reading, int attempt, @Nullable Trouble trouble, Duration pause) implements LedgerEvent {}

    /**
     * One commit answered requests. Told by the caller that led the group.
     *
     * @param size how many requests it decided, repeats included: 1 or more; the sizes of all groups sum up to the outcomes that
     *     callers got, steps of joined transactions aside
     * @param took how long the transaction took
     */
    record GroupCommitted(int size, Duration took) implements LedgerEvent {}

    /**
     * A request had to wait for cells that somebody else held. Told once for a request, when the one who sent it has his answer.
     *
     * @param namespace the namespace
     * @param key the key of the request
     * @param cells what was held of its cells; empty where it stayed behind another request, or nobody could see what it waits for
     */
    record Parked(String namespace, Key key, List<CellName> cells) implements LedgerEvent {}

    /**
     * The name of a cell, whatever its kind.
     *
     * @param account the account
     * @param name the cell's name within it
     */
    record CellName(AccountId account, String name) {
        @Override
        public String toString() {
            return account + "/" + name;
        }
    }

    /**
     * The clock that gives recorded times lay behind the time last recorded in a cell; told at most once a minute.
     *
     * @param behind how far
     */
    record ClockSkew(Duration behind) implements LedgerEvent {}

    /**
     * A transaction of a caller's own had held cells for more than a tenth of the ledger's time-out when it did a step; told once for
     * a {@code JoinedLedger}. Whoever needs one of its cells waits as long.
     *
     * @param namespace the namespace
     * @param held since its first step
     */
    record HeldLong(String namespace, Duration held) implements LedgerEvent {}

    /**
     * {@link Ledger#verify} found something wrong; told at once, before the verification is over.
     *
     * @param namespace the namespace
     * @param finding what, and where; what was expected and observed may be amounts
     */
    record Found(String namespace, Finding finding) implements LedgerEvent {}
}

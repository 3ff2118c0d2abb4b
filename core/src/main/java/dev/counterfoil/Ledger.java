package dev.counterfoil;

import dev.counterfoil.internal.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Money-safe updates: each happens completely or not at all, and once however often it is sent.
 *
 * <p>A ledger is bound to one namespace, which scopes accounts, keys and references. It is safe for use by many threads; make
 * one and keep it. Calls wait at most as long as the ledger's time-out, and say in {@link LedgerException#fate()} what became
 * of the money if they fail. Bad input is an {@link IllegalArgumentException} or {@link NullPointerException}, and a call to a
 * closed ledger or from inside a {@link DecideFunction} an {@link IllegalStateException}; all three before anything is sent.
 */
public interface Ledger extends AutoCloseable {
    /**
     * Applies an update, or answers what its key was decided to be before.
     *
     * @throws NotAppliedException if the store could not do it; nothing changed
     * @throws OutcomeUnknownException if the answer of the store was lost; send the same update again
     */
    Outcome apply(Update update);

    /**
     * Applies updates in order, each alone, not together; all are tried. They go to the store in groups, and the time-out
     * counts for each group. An update that has to wait for a cell that somebody else holds, and those of the list that share
     * a cell, a key or a reference with it, go behind the others, until the time of the last group is up.
     *
     * @return one outcome per update, in the order of the list; of an empty list, an empty list
     * @throws BatchException if some of them ended in a fault; it holds outcome or fault of each
     */
    List<Outcome> applyEach(List<Update> updates);

    /**
     * Applies an update on an executor. Cancelling the future before it runs means that nothing is sent; later it only stops
     * the waiting. A thread of the executor is held until the answer, so it should have as many as callers are to share
     * commits. The time-out begins when it takes the update.
     *
     * @return completes on the executor with the outcome, or with what {@link #apply} throws; with
     *     {@link NotAppliedException} where the executor refuses, and {@link IllegalStateException} where the ledger was closed
     *     before the executor took it; nothing was applied
     */
    CompletableFuture<Outcome> applyAsync(Update update, Executor executor);

    /**
     * Reads, decides and applies as one step: what the function read is unchanged at commit. The key is looked up before the
     * function runs, so a repeat is answered without it; another request text or other cells under the same key are
     * {@link KeyReused}.
     *
     * <p>The function runs first without locks; if somebody changed what it read it runs once more while the cells are locked
     * (on SQLite, while all writers wait). What it throws is thrown to the caller, and nothing changes.
     *
     * @param key the idempotency key
     * @param request what is asked for, as text, amounts included ("pay 100.00"): what makes a repeat the same; at most 64 KiB
     * @param reads the cells that the function reads or changes: 1 to 1,000
     * @param function reads and decides
     */
    Outcome decide(Key key, String request, Collection<? extends CellId> reads, DecideFunction function);

    /** As {@link #decide(Key, String, Collection, DecideFunction)}, under a key of the empty scope. */
    default Outcome decide(String key, String request, Collection<? extends CellId> reads, DecideFunction function) {
        return decide(Key.of(key), request, reads, function);
    }

    /** All cells of the accounts, in one consistent view: 1 to 1,000 accounts. */
    Snapshot read(AccountId... accounts);

    /** The entries of a balance, oldest first; empty where it is not there. IllegalArgumentException where another cell is. */
    Page<BalanceEntry> history(BalanceId cell, PageRequest page);

    /** The entries of a register, oldest first; empty where it is not there. IllegalArgumentException where another cell is. */
    Page<RegisterEntry> history(RegisterId cell, PageRequest page);

    /** The entries of a journal, oldest first; empty where it is not there. IllegalArgumentException where another cell is. */
    Page<JournalEntry> history(JournalId cell, PageRequest page);

    /** As {@link #history(BalanceId, HistoryFilter, PageRequest)}, of a register; it has nothing that was forced. */
    Page<RegisterEntry> history(RegisterId cell, HistoryFilter filter, PageRequest page);

    /** As {@link #history(BalanceId, HistoryFilter, PageRequest)}, of a journal; it has nothing that was forced. */
    Page<JournalEntry> history(JournalId cell, HistoryFilter filter, PageRequest page);

    /**
     * The entries of a balance that meet a filter, oldest first; empty where it is not there. A call looks at some 10,000
     * entries at most: where more had to be passed over, a page has fewer items than its limit, or none, and a next one. A
     * beginning in time is found without looking at what was before.
     *
     * @param cell the balance
     * @param filter which entries
     * @param page which page; cursors of {@link #history(BalanceId, PageRequest)} and of other filters fit too
     * @throws IllegalArgumentException where a cell of another kind or unit is there
     */
    Page<BalanceEntry> history(BalanceId cell, HistoryFilter filter, PageRequest page);

    /**
     * The entry that gave a balance a version: {@link BalanceEntry#after()} is what it was then.
     *
     * @param version 1 or more
     * @return empty where it has no such version yet, or is not there
     * @throws IllegalArgumentException where a cell of another kind or unit is there
     */
    Optional<BalanceEntry> asOf(BalanceId cell, long version);

    /** As {@link #asOf(BalanceId, long)}, of a register. */
    Optional<RegisterEntry> asOf(RegisterId cell, long version);

    /** As {@link #asOf(BalanceId, long)}, of a journal. */
    Optional<JournalEntry> asOf(JournalId cell, long version);

    /**
     * Cells as they stood at a time, what was recorded at that time included; an update shows in all of them or in none. The
     * cells are locked for a moment, which settles what was recorded up to then: the answer stays the same, as long as the
     * store's clock does not go back. For what is now, {@link #read}.
     *
     * @param time by the store's clock, as {@link Entry#recordedAt()}
     * @param cells 1 to 1,000 cells
     * @throws NotSettledException if the time has not passed yet; it says which one can be answered
     * @throws java.util.NoSuchElementException where a cell is not there at all, because its opening may be on its way
     * @throws IllegalArgumentException where a cell of another kind or unit is there
     * @throws NotAppliedException also if somebody else held a cell for longer than the ledger's time-out
     */
    Past asOf(Instant time, CellId... cells);

    /**
     * What happened to a balance in a period, by recorded times. The entries are read in pages and handed over in order,
     * on this thread, before the sums are returned; each page has the ledger's time-out for itself. Only with the return are
     * they proved to lead from the opening to the closing amount.
     *
     * @param cell the balance
     * @param period the period, which must have passed
     * @param entries takes each entry; what it throws is thrown to the caller
     * @throws NotSettledException if the period has not passed yet; it says which end can be answered
     * @throws BrokenHistoryException if the entries do not follow from each other
     * @throws java.util.NoSuchElementException where the balance is not there at all, because its opening may be on its way
     * @throws IllegalArgumentException where a cell of another kind or unit is there
     */
    Statement statement(BalanceId cell, Period period, Consumer<? super BalanceEntry> entries);

    /**
     * As {@link #statement(BalanceId, Period, Consumer)}, of each balance of an account, all settled at once: one statement,
     * and its entries, after the other, by name in binary order. A balance whose opening is not committed yet, by an update
     * that has no other cell of the account, is not among them.
     *
     * @throws java.util.NoSuchElementException where the account has no cell at all
     */
    List<Statement> statement(AccountId account, Period period, Consumer<? super BalanceEntry> entries);

    /** The balances of all accounts, summed up in one consistent view. It takes as long as it takes to read them all. */
    TrialBalance trialBalance();

    /**
     * The balances of some accounts, summed up in one consistent view.
     *
     * @param kind the kind of account
     * @param idPrefix the beginning of their ids; may be empty
     */
    TrialBalance trialBalance(String kind, String idPrefix);

    /**
     * The decision under a key, if any yet. An empty answer is no final no, because a commit may be on its way; only sending
     * the update again gives one.
     */
    Optional<Decision> find(Key key);

    /** As {@link #find(Key)}, of a key of the empty scope. */
    default Optional<Decision> find(String key) {
        return find(Key.of(key));
    }

    /**
     * The accounts of a kind that have cells, by id in binary order.
     *
     * @param kind the kind of account
     * @param idPrefix the beginning of their ids; may be empty
     * @param page which page
     */
    Page<AccountId> accounts(String kind, String idPrefix, PageRequest page);

    /**
     * Checks the books: that each cell is what its entries say, that none is missing, repeated or passes a limit, and that
     * decisions and entries belong together. It may run beside updates, which it does not hold up, for as long as it takes: the
     * time-out counts for each of its short calls to the store, and a finding is told only when a second look has shown it too.
     * What it needs of memory does not grow with the books. Closing the ledger ends it, between two of those calls, and so does
     * interrupting the thread.
     *
     * @param request what to look at
     * @param listener is told findings and progress on this thread; what it throws ends the verification and is thrown here
     * @throws NotAppliedException if the store could not be read, or the ledger was closed meanwhile, or the thread interrupted
     */
    Verification verify(VerifyRequest request, VerifyListener listener);

    /** As {@link #verify(VerifyRequest, VerifyListener)}, without a listener. */
    default Verification verify(VerifyRequest request) {
        return verify(request, new VerifyListener() {});
    }

    /**
     * Takes the details of the decisions of this namespace that were recorded before a time: metadata, and the entries of a
     * receipt or what was observed and required. How each key was decided stays for ever, so whoever sends one again, however
     * late, is answered as before, without the details ({@link Receipt#pruned()}, {@link Rejected.Pruned}), and pays nothing
     * twice. References stay taken, reversals stay unique, and no history is touched.
     *
     * <p>It goes through the keys in steps of about 1,000, each in a short transaction of its own to which the time-out
     * applies; callers do not notice it. It can be stopped, by an interrupt too, and run again: what is pruned stays so. The
     * details should stay for as long as callers may send again and want to read them, which is days rather than seconds; the
     * least is this ledger's time-out, so that no call which is under way is answered without them.
     *
     * @param recordedBefore at least the time-out before the store's clock
     * @return how many decisions lost their details now; a step whose answer was lost, and which was done again, may be missing
     * @throws IllegalArgumentException if it is later than that; nothing was pruned
     * @throws NotAppliedException if it stopped before the end, by a fault, an interrupt or {@link #close()}; the message says
     *     how many decisions lost their details until then
     */
    long prune(Instant recordedBefore);

    /**
     * Sets a cell back to what its entries say, where somebody changed its row behind the ledger's back. Nothing is rewritten: it
     * adds one entry, of type {@link EntryType#RESTORE}, that moves no money and holds the reason. Once under its key, like any
     * update; the repeat is answered the same, and other content under the key is {@link KeyReused}.
     *
     * @param key the idempotency key
     * @param cell the cell
     * @param reason why, for whoever reads the history: 1 to 255 bytes in UTF-8, no control characters
     * @throws NotCorrectableException if the entries are damaged themselves, or cannot be told from damaged ones because their
     *     receipts were pruned, or the cell is what they say; nothing changed
     * @throws NotAppliedException if the store could not do it; nothing changed
     * @throws OutcomeUnknownException if the answer of the store was lost; ask for the same correction again
     */
    Outcome restoreFromEntries(Key key, CellId cell, String reason);

    /**
     * Sets a balance to an amount that was counted in the world, and its entries with it: it adds one entry, of type {@link
     * EntryType#ACCEPT}, whose delta is the difference between the amount and what the entries say. Limits do not bind it; a
     * closed balance stays closed. Otherwise as {@link #restoreFromEntries}.
     *
     * @param key the idempotency key
     * @param cell the balance
     * @param observed the amount, within the unit's scale
     * @param reason why
     */
    Outcome acceptObserved(Key key, BalanceId cell, BigDecimal observed, String reason);

    /** As {@link #acceptObserved(Key, BalanceId, BigDecimal, String)}, of a plain decimal string. */
    default Outcome acceptObserved(Key key, BalanceId cell, String observed, String reason) {
        return acceptObserved(key, cell, Amounts.parse("observed", observed), reason);
    }

    /** Sets a register to a text that was found in the world; otherwise as the one for balances. */
    Outcome acceptObserved(Key key, RegisterId cell, String observed, String reason);

    /**
     * A ledger bound to another namespace of the same store, which stays open as long as this one.
     *
     * @param namespace empty for the default one, else 1 to 64 bytes in UTF-8, no control characters
     */
    Ledger namespace(String namespace);

    /**
     * Ends this ledger and all that were made from it by {@link #namespace}; closing one of those does nothing. Waits for the
     * calls that are under way, which are answered, for as long as their time-outs allow; what {@link #applyEach} has not sent
     * yet is not applied.
     */
    @Override
    void close();
}

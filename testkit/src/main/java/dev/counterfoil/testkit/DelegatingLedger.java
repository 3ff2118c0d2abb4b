package dev.counterfoil.testkit;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.Decision;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Past;
import dev.counterfoil.Period;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Statement;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Does all that another ledger does, so that a subclass can do one thing otherwise. As safe for threads as the other. */
public class DelegatingLedger implements Ledger {
    private final Ledger delegate;

    /** A ledger that hands every call on. */
    protected DelegatingLedger(Ledger delegate) {
        this.delegate = delegate;
    }

    @Override
    public Outcome apply(Update update) {
        return delegate.apply(update);
    }

    @Override
    public List<Outcome> applyEach(List<Update> updates) {
        return delegate.applyEach(updates);
    }

    @Override
    public CompletableFuture<Outcome> applyAsync(Update update, Executor executor) {
        return delegate.applyAsync(update, executor);
    }

    @Override
    public Outcome decide(Key key, String request, Collection<? extends CellId> reads, DecideFunction function) {
        return delegate.decide(key, request, reads, function);
    }

    @Override
    public Snapshot read(AccountId... accounts) {
        return delegate.read(accounts);
    }

    @Override
    public Page<BalanceEntry> history(BalanceId cell, PageRequest page) {
        return delegate.history(cell, page);
    }

    @Override
    public Page<RegisterEntry> history(RegisterId cell, PageRequest page) {
        return delegate.history(cell, page);
    }

    @Override
    public Page<JournalEntry> history(JournalId cell, PageRequest page) {
        return delegate.history(cell, page);
    }

    @Override
    public Page<BalanceEntry> history(BalanceId cell, HistoryFilter filter, PageRequest page) {
        return delegate.history(cell, filter, page);
    }

    @Override
    public Page<RegisterEntry> history(RegisterId cell, HistoryFilter filter, PageRequest page) {
        return delegate.history(cell, filter, page);
    }

    @Override
    public Page<JournalEntry> history(JournalId cell, HistoryFilter filter, PageRequest page) {
        return delegate.history(cell, filter, page);
    }

    @Override
    public Optional<BalanceEntry> asOf(BalanceId cell, long version) {
        return delegate.asOf(cell, version);
    }

    @Override
    public Optional<RegisterEntry> asOf(RegisterId cell, long version) {
        return delegate.asOf(cell, version);
    }

    @Override
    public Optional<JournalEntry> asOf(JournalId cell, long version) {
        return delegate.asOf(cell, version);
    }

    @Override
    public Past asOf(Instant time, CellId... cells) {
        return delegate.asOf(time, cells);
    }

    @Override
    public Statement statement(BalanceId cell, Period period, Consumer<? super BalanceEntry> entries) {
        return delegate.statement(cell, period, entries);
    }

    @Override
    public List<Statement> statement(AccountId account, Period period, Consumer<? super BalanceEntry> entries) {
        return delegate.statement(account, period, entries);
    }

    @Override
    public TrialBalance trialBalance() {
        return delegate.trialBalance();
    }

    @Override
    public TrialBalance trialBalance(String kind, String idPrefix) {
        return delegate.trialBalance(kind, idPrefix);
    }

    @Override
    public Optional<Decision> find(Key key) {
        return delegate.find(key);
    }

    @Override
    public Page<AccountId> accounts(String kind, String idPrefix, PageRequest page) {
        return delegate.accounts(kind, idPrefix, page);
    }

    @Override
    public Verification verify(VerifyRequest request, VerifyListener listener) {
        return delegate.verify(request, listener);
    }

    @Override
    public long prune(Instant recordedBefore) {
        return delegate.prune(recordedBefore);
    }

    @Override
    public Outcome restoreFromEntries(Key key, CellId cell, String reason) {
        return delegate.restoreFromEntries(key, cell, reason);
    }

    @Override
    public Outcome acceptObserved(Key key, BalanceId cell, BigDecimal observed, String reason) {
        return delegate.acceptObserved(key, cell, observed, reason);
    }

    @Override
    public Outcome acceptObserved(Key key, RegisterId cell, String observed, String reason) {
        return delegate.acceptObserved(key, cell, observed, reason);
    }

    @Override
    public Ledger namespace(String namespace) {
        return delegate.namespace(namespace);
    }

    @Override
    public void close() {
        delegate.close();
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Finding;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerEvent.Call;
import dev.counterfoil.LedgerException;
import dev.counterfoil.LedgerGauges;
import dev.counterfoil.NotAppliedException;
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
import dev.counterfoil.internal.Amounts;
import dev.counterfoil.internal.Fingerprints;
import dev.counterfoil.internal.Refusals;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledger on top of any store: checks, fingerprints, groups, and the way of a decide. */
public class StoreLedger implements Ledger {
    private static final int MOST_CELLS = 1000;

    /** How many requests may wait for a commit; whoever comes then waits for a place. */
    private static final int ROOM = 10_000;

    private final LedgerStore store;
    private final LedgerSettings settings;
    private final Submission writes;
    private final Retry reads;
    private final Gate gate;
    private final Watch watch;
    private final LedgerGauges gauges;

    /** False for a ledger that shares another's store. */
    private final boolean owner;

    /** A ledger on a store, which it closes when it is closed. */
    public StoreLedger(LedgerStore store, LedgerSettings settings) {
        this.store = Objects.requireNonNull(store, "store");
        this.settings = Objects.requireNonNull(settings, "settings");
        RetryPolicy policy = RetryPolicy.contention()
                .withUnlimitedAttempts()
                .withDeadline(settings.timeout())
                .withClassifier(StoreLedger::verdict);
        this.watch = new Watch(settings.watching(), store::takeSkew);
        Retry retry = Retry.named("counterfoil.submit", watch.watched(policy, false));
        Sending sending = new Sending(store, retry, watch);
        this.writes = settings.groupCommit() && store.groupsAtOnce() > 0
                ? new GroupCommit(sending, store.groupsAtOnce(), ROOM)
                : new DirectSubmission(sending, Retry.named("counterfoil.parked", policy));
        this.reads = Retry.named("counterfoil.read", watch.watched(policy, true));
        this.gate = new Gate();
        this.owner = true;
        this.gauges = new Gauges(gate, writes);
        watch.attached(gauges);
    }

    /** What can be asked of this ledger at any time. */
    private record Gauges(Gate gate, Submission writes) implements LedgerGauges {
        @Override
        public int inFlight() {
            return gate.inside();
        }

        @Override
        public int queued() {
            return writes.queued();
        }

        @Override
        public int parked() {
            return writes.parked();
        }
    }

    /** A ledger that shares the store of another, bound to another namespace. */
    protected StoreLedger(StoreLedger from, String namespace) {
        DecideRun.refuseInside();
        from.gate.check();
        this.store = from.store;
        this.settings = from.settings.withNamespace(namespace);
        this.writes = from.writes;
        this.reads = from.reads;
        this.gate = from.gate;
        this.watch = from.watch;
        this.gauges = from.gauges;
        this.owner = false;
    }

    @Override
    public Outcome apply(Update update) {
        Objects.requireNonNull(update, "update");
        DecideRun.refuseInside();
        long began = watch.begin();
        Outcome outcome;
        try {
            outcome = applied(update, began);
        } catch (RuntimeException | Error e) {
            watch.failed(Subject.of(Call.APPLY, settings.namespace(), update), e, began);
            throw e;
        }
        if (watch.cares(outcome)) {
            watch.answered(Subject.of(Call.APPLY, settings.namespace(), update), outcome, began);
        }
        return outcome;
    }

    private Outcome applied(Update update, long began) {
        gate.enter();
        try {
            Outcome now = applyNow(update);
            if (now == null) {
                return outcome(submit(posting(update), deadline()));
            }
            watch.committedOne(began);
            return now;
        } finally {
            gate.leave();
        }
    }

    private @Nullable Outcome applyNow(Update update) {
        try {
            return store.applyNow(settings.namespace(), update);
        } catch (RuntimeException e) {
            Item item = new Item(posting(update));
            item.mayBeApplied(e);
            item.fault(Sending.UNEXPECTED, e, 1);
            throw Objects.requireNonNull(item.end().fault());
        }
    }

    @Override
    public List<Outcome> applyEach(List<Update> updates) {
        List<Update> all = new ArrayList<>(Objects.requireNonNull(updates, "updates"));
        int missing = all.indexOf(null);
        if (missing >= 0) {
            throw new NullPointerException("updates[" + missing + "]");
        }
        long began = watch.begin();
        List<End> ends;
        try {
            ends = inside(() -> {
                List<Request.Posting> postings = all.stream().map(this::posting).toList();
                return writes.run(postings, this::deadline, gate::isClosed);
            });
        } catch (RuntimeException | Error e) {
            watch.tell();
            throw e;
        }
        watch.listed(settings.namespace(), all, ends, began);
        return outcomes(ends);
    }

    @Override
    public CompletableFuture<Outcome> applyAsync(Update update, Executor executor) {
        Objects.requireNonNull(update, "update");
        Objects.requireNonNull(executor, "executor");
        DecideRun.refuseInside();
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                if (!future.isDone()) {
                    complete(future, update);
                }
            });
        } catch (RuntimeException e) {
            // RejectedExecutionException by contract, whatever else by accident.
            NotAppliedException fault = new NotAppliedException("the executor refused the update", e);
            watch.failed(Subject.of(Call.APPLY, settings.namespace(), update), fault, watch.begin());
            future.completeExceptionally(fault);
        }
        return future;
    }

    private void complete(CompletableFuture<Outcome> future, Update update) {
        try {
            future.complete(apply(update));
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    @Override
    public Outcome decide(Key key, String request, Collection<? extends CellId> reads, DecideFunction function) {
        Objects.requireNonNull(key, "key");
        Texts.value("request", request);
        Objects.requireNonNull(function, "function");
        Request.Deciding deciding = deciding(key, request, reads, function);
        long began = watch.begin();
        Outcome outcome;
        try {
            outcome = inside(() -> decideNow(deciding));
        } catch (DecideFunctionException e) {
            watch.functionThrew(Subject.of(settings.namespace(), deciding, request), cause(e), began);
            throw unwrapped(e);
        } catch (RuntimeException | Error e) {
            watch.failed(Subject.of(settings.namespace(), deciding, request), e, began);
            throw e;
        }
        if (watch.cares(outcome)) {
            watch.answered(Subject.of(settings.namespace(), deciding, request), outcome, began);
        }
        return outcome;
    }

    private Outcome decideNow(Request.Deciding deciding) {
        Deadline deadline = deadline();
        End first = tryUnlocked(deciding, deadline);
        return outcome(first != null && !(first.answer() instanceof Answer.Stale) ? first : submit(deciding, deadline));
    }

    /** Decides on a view without locks and applies it if nothing has changed since; null where the key is decided already. */
    private @Nullable End tryUnlocked(Request.Deciding deciding, Deadline deadline) {
        LedgerStore.Candidate candidate = read(() -> store.readCandidate(deciding.cells(), deciding.id(), deadline));
        if (candidate.decided()) {
            return null;
        }
        Map<CellAddress, Long> versions = new HashMap<>();
        deciding.cells().forEach(cell -> versions.put(cell, candidate.cells().version(cell)));
        Request.Posting decided;
        try {
            decided = deciding.resolve(candidate.cells(), deadline);
        } catch (StoreException e) {
            throw new NotAppliedException(String.valueOf(e.getMessage()), e);
        }
        Request.Posting posting = new Request.Posting(
                decided.namespace(), decided.key(), decided.fingerprint(), decided.cells(), versions, decided.intent());
        return submit(posting, deadline);
    }

    @Override
    public Snapshot read(AccountId... accounts) {
        List<AccountId> all = distinct(accounts);
        return looking(Call.READ, null, all, () -> {
            Deadline deadline = deadline();
            var found = read(() -> store.readAccounts(settings.namespace(), all, deadline));
            return new Snapshot(all, found.value(), found.asOf());
        });
    }

    /** The accounts of a read, each once: 1 to 1,000. */
    protected static List<AccountId> distinct(AccountId... accounts) {
        Set<AccountId> distinct = new LinkedHashSet<>();
        for (AccountId account : Objects.requireNonNull(accounts, "accounts")) {
            distinct.add(Objects.requireNonNull(account, "account"));
        }
        List<AccountId> all = List.copyOf(distinct);
        if (all.isEmpty() || all.size() > MOST_CELLS) {
            throw new IllegalArgumentException(all.size() + " accounts: a read takes 1 to " + MOST_CELLS);
        }
        return all;
    }

    @Override
    public Page<BalanceEntry> history(BalanceId cell, PageRequest page) {
        return history(cell, page, BalanceEntry.class);
    }

    @Override
    public Page<RegisterEntry> history(RegisterId cell, PageRequest page) {
        return history(cell, page, RegisterEntry.class);
    }

    @Override
    public Page<JournalEntry> history(JournalId cell, PageRequest page) {
        return history(cell, page, JournalEntry.class);
    }

    private <T extends Entry> Page<T> history(CellId cell, PageRequest page, Class<T> type) {
        CellAddress address = CellAddress.of(settings.namespace(), Objects.requireNonNull(cell, "cell"));
        long after = sequence(page.cursor());
        return looking(Call.HISTORY, null, List.of(cell.account()), () -> {
            Deadline deadline = deadline();
            var reading = read(() -> store.readHistory(address, after, page.limit() + 1, deadline));
            if (reading.value().isEmpty()) {
                return new Page<>(List.of(), Optional.empty(), reading.asOf());
            }
            LedgerStore.CellHistory found = reading.value().get();
            PastReads.requireSame(cell, found.cell());
            List<T> entries = found.entries().stream().map(type::cast).toList();
            boolean more = entries.size() > page.limit();
            List<T> items = more ? entries.subList(0, page.limit()) : entries;
            String cursor = more ? Long.toString(items.get(items.size() - 1).sequence()) : null;
            return new Page<>(items, next(cursor, page), reading.asOf());
        });
    }

    static long sequence(@Nullable String cursor) {
        if (cursor == null) {
            return 0;
        }
        if (!cursor.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("cursor: is not one that a page of a history gave");
        }
        return Long.parseLong(cursor);
    }

    static Optional<PageRequest> next(@Nullable String cursor, PageRequest page) {
        return Optional.ofNullable(cursor).map(c -> PageRequest.after(c, page.limit()));
    }

    @Override
    public Page<BalanceEntry> history(BalanceId cell, HistoryFilter filter, PageRequest page) {
        return telling(
                Call.HISTORY,
                cell,
                () -> new FilteredHistory(this, store).page(cell, filter, page, BalanceEntry.class));
    }

    @Override
    public Page<RegisterEntry> history(RegisterId cell, HistoryFilter filter, PageRequest page) {
        return telling(
                Call.HISTORY,
                cell,
                () -> new FilteredHistory(this, store).page(cell, filter, page, RegisterEntry.class));
    }

    @Override
    public Page<JournalEntry> history(JournalId cell, HistoryFilter filter, PageRequest page) {
        return telling(
                Call.HISTORY,
                cell,
                () -> new FilteredHistory(this, store).page(cell, filter, page, JournalEntry.class));
    }

    @Override
    public Optional<BalanceEntry> asOf(BalanceId cell, long version) {
        return telling(Call.AS_OF, cell, () -> new PastReads(this, store).asOf(cell, version, BalanceEntry.class));
    }

    @Override
    public Optional<RegisterEntry> asOf(RegisterId cell, long version) {
        return telling(Call.AS_OF, cell, () -> new PastReads(this, store).asOf(cell, version, RegisterEntry.class));
    }

    @Override
    public Optional<JournalEntry> asOf(JournalId cell, long version) {
        return telling(Call.AS_OF, cell, () -> new PastReads(this, store).asOf(cell, version, JournalEntry.class));
    }

    @Override
    public Past asOf(Instant time, CellId... cells) {
        List<AccountId> accounts = Stream.of(cells)
                .filter(Objects::nonNull)
                .map(CellId::account)
                .distinct()
                .toList();
        return telling(Call.AS_OF, null, accounts, () -> new PastReads(this, store).asOf(time, cells));
    }

    @Override
    public Statement statement(BalanceId cell, Period period, Consumer<? super BalanceEntry> entries) {
        return telling(Call.STATEMENT, cell, () -> new PastReads(this, store).statement(cell, period, entries));
    }

    @Override
    public List<Statement> statement(AccountId account, Period period, Consumer<? super BalanceEntry> entries) {
        Objects.requireNonNull(account, "account");
        return telling(
                Call.STATEMENT,
                null,
                List.of(account),
                () -> new PastReads(this, store).statement(account, period, entries));
    }

    @Override
    public TrialBalance trialBalance() {
        return sumBalances(null, "");
    }

    @Override
    public TrialBalance trialBalance(String kind, String idPrefix) {
        Texts.accountKind(kind);
        return sumBalances(kind, Texts.prefix("account id prefix", idPrefix, 255));
    }

    private TrialBalance sumBalances(@Nullable String kind, String idPrefix) {
        return looking(Call.TRIAL_BALANCE, null, List.of(), () -> {
            Deadline deadline = deadline();
            var sums = read(() -> store.sumBalances(settings.namespace(), kind, idPrefix, deadline));
            return new TrialBalance(sums.value(), sums.asOf());
        });
    }

    @Override
    public Optional<Decision> find(Key key) {
        DecisionId id = new DecisionId(settings.namespace(), Objects.requireNonNull(key, "key"));
        return looking(Call.FIND, key, List.of(), () -> {
            Deadline deadline = deadline();
            return read(() -> store.findDecision(id, deadline)).map(stored -> Refusals.replayed(stored.decision()));
        });
    }

    @Override
    public Page<AccountId> accounts(String kind, String idPrefix, PageRequest page) {
        Texts.accountKind(kind);
        Texts.prefix("account id prefix", idPrefix, 255);
        String after = page.cursor() == null ? null : Texts.name("cursor", page.cursor(), 255);
        return looking(Call.ACCOUNTS, null, List.of(), () -> {
            Deadline deadline = deadline();
            var reading = read(
                    () -> store.listAccounts(settings.namespace(), kind, idPrefix, after, page.limit() + 1, deadline));
            List<AccountId> found = reading.value();
            boolean more = found.size() > page.limit();
            List<AccountId> items = more ? found.subList(0, page.limit()) : found;
            String cursor = more ? items.get(items.size() - 1).id() : null;
            return new Page<>(items, next(cursor, page), reading.asOf());
        });
    }

    @Override
    public Verification verify(VerifyRequest request, VerifyListener listener) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(listener, "listener");
        VerifyListener told = new VerifyListener() {
            @Override
            public void onFinding(Finding finding) {
                watch.tell(new LedgerEvent.Found(settings.namespace(), finding));
                listener.onFinding(finding);
            }

            @Override
            public void onProgress(Verification soFar) {
                listener.onProgress(soFar);
            }
        };
        return telling(
                Call.VERIFY,
                null,
                List.of(),
                () -> new VerifyRun(settings.namespace(), request, audit(), told, System::nanoTime).run());
    }

    @Override
    public Outcome restoreFromEntries(Key key, CellId cell, String reason) {
        return correct(key, cell, null, reason);
    }

    @Override
    public Outcome acceptObserved(Key key, BalanceId cell, BigDecimal observed, String reason) {
        return correct(key, cell, Amounts.in(cell.unit(), "observed", observed).toPlainString(), reason);
    }

    @Override
    public Outcome acceptObserved(Key key, RegisterId cell, String observed, String reason) {
        return correct(key, cell, Texts.value("observed", observed), reason);
    }

    private Outcome correct(Key key, CellId cell, @Nullable String observed, String reason) {
        DecisionId id = new DecisionId(settings.namespace(), Objects.requireNonNull(key, "key"));
        Objects.requireNonNull(cell, "cell");
        Texts.remark("reason", reason, 255);
        Fingerprint fingerprint = Fingerprints.of(settings.namespace(), cell, observed, reason);
        var wish = new CorrectionRun.Wish(id, fingerprint, cell, observed, reason);
        var subject = new Subject(Call.CORRECT, settings.namespace(), key, List.of(cell.account()), wish);
        return deciding(() -> subject, () -> new CorrectionRun(wish, store, audit(), reads).run());
    }

    private AuditCalls audit() {
        DecideRun.refuseInside();
        gate.check();
        return new AuditCalls(store.audit(), gate, this::deadline, this::read, watch::tell);
    }

    @Override
    public long prune(Instant recordedBefore) {
        Objects.requireNonNull(recordedBefore, "recordedBefore");
        return looking(
                Call.PRUNE,
                null,
                List.of(),
                () -> new Pruner(store, reads, gate, settings.timeout()).prune(settings.namespace(), recordedBefore));
    }

    @Override
    public Ledger namespace(String namespace) {
        return new StoreLedger(this, namespace);
    }

    @Override
    public void close() {
        DecideRun.refuseInside();
        if (owner && gate.close()) {
            // A call has its answer within its deadline, so this ends.
            gate.awaitEmpty(settings.timeout().plus(Duration.ofSeconds(5)).toNanos());
            store.close();
            watch.detached(gauges);
        }
    }

    /** The namespace, and how long a call may take. */
    protected final LedgerSettings settings() {
        return settings;
    }

    /** A call that reads. */
    interface StoreCall<T> {
        T run() throws StoreException;
    }

    /** Makes a call unless the ledger is closed or a decide function asks for it; the ledger is not closed meanwhile. */
    protected final <T> T inside(Supplier<T> call) {
        DecideRun.refuseInside();
        gate.enter();
        try {
            return call.get();
        } finally {
            gate.leave();
            watch.tell();
        }
    }

    /** Reads something, more than once where that may help, but not beyond the deadline. */
    final <T> T read(Deadline deadline, StoreCall<T> call) {
        return read(() -> {
            if (deadline.expired()) {
                throw new StoreException(
                        StoreException.Phase.ACQUIRE, StoreException.Trouble.PERMANENT, "it took too long", null);
            }
            return call.run();
        });
    }

    /** Makes a call that decides nothing, and tells of it; the ledger is not closed meanwhile. */
    protected final <T> T looking(Call call, @Nullable Key key, List<AccountId> accounts, Supplier<T> look) {
        return telling(call, key, accounts, () -> inside(look));
    }

    private <T> T telling(Call call, CellId cell, Supplier<T> look) {
        return telling(call, null, List.of(Objects.requireNonNull(cell, "cell").account()), look);
    }

    /** Makes a call that decides nothing and passes the gate by itself, and tells of it. */
    private <T> T telling(Call call, @Nullable Key key, List<AccountId> accounts, Supplier<T> look) {
        long began = watch.begin();
        T found;
        try {
            found = look.get();
        } catch (RuntimeException | Error e) {
            watch.failed(new Subject(call, settings.namespace(), key, accounts, "nothing"), e, began);
            throw e;
        }
        if (watch.listens()) {
            watch.looked(new Subject(call, settings.namespace(), key, accounts, null), began);
        }
        return found;
    }

    /** Makes a call that decides an update, and tells of it. */
    protected final Outcome deciding(Call call, Update update, Supplier<Outcome> decision) {
        return deciding(() -> Subject.of(call, settings.namespace(), update), () -> inside(decision));
    }

    private Outcome deciding(Supplier<Subject> subject, Supplier<Outcome> decision) {
        long began = watch.begin();
        Outcome outcome;
        try {
            outcome = decision.get();
        } catch (RuntimeException | Error e) {
            watch.failed(subject.get(), e, began);
            throw e;
        }
        if (watch.cares(outcome)) {
            watch.answered(subject.get(), outcome, began);
        }
        return outcome;
    }

    /** Tells of what no single call is about, when the call that is under way is over; nothing where nobody listens. */
    protected final void tell(LedgerEvent event) {
        watch.note(event);
    }

    private <T> T read(StoreCall<T> call) {
        try {
            return reads.execute(() -> {
                try {
                    return call.run();
                } catch (RuntimeException e) {
                    throw new UnexpectedException(e);
                }
            });
        } catch (StoreException e) {
            throw new NotAppliedException("the read failed: " + e.getMessage(), e);
        } catch (RetryExhaustedException e) {
            Throwable last = e.getCause();
            throw new NotAppliedException(
                    "the read failed: " + (last == null ? "" : last.getMessage()), last, e.attempts());
        } catch (UnexpectedException e) {
            throw new NotAppliedException("the read failed unexpectedly", e.getCause());
        } catch (RuntimeException e) {
            throw new NotAppliedException("the read failed unexpectedly", e);
        }
    }

    private End submit(Request request, Deadline deadline) {
        return writes.run(request, deadline);
    }

    /** When a call that begins now must have its answer. */
    protected final Deadline deadline() {
        return Deadline.after(settings.timeout());
    }

    /** What a store is asked for an update. */
    protected final Request.Posting posting(Update update) {
        Fingerprint fingerprint = Fingerprints.of(settings.namespace(), update);
        if (store.keepsHashes()) {
            fingerprint.sha256();
        }
        return new Request.Posting(
                settings.namespace(),
                update.key(),
                fingerprint,
                AddressSet.of(settings.namespace(), update.operations()),
                Map.of(),
                new Request.Intent.Apply(update));
    }

    /** The cells that a call names, each once and in the order of locking: 1 to 1,000. */
    protected final SortedMap<CellAddress, CellId> addressed(Collection<? extends CellId> named) {
        TreeMap<CellAddress, CellId> cells = new TreeMap<>();
        for (CellId cell : named) {
            CellId same = cells.put(CellAddress.of(settings.namespace(), cell), cell);
            if (same != null && !same.equals(cell)) {
                throw new IllegalArgumentException(cell + ": is declared twice, as different cells");
            }
        }
        if (cells.isEmpty() || cells.size() > MOST_CELLS) {
            throw new IllegalArgumentException(cells.size() + " cells: a call takes 1 to " + MOST_CELLS);
        }
        return cells;
    }

    private Request.Deciding deciding(
            Key key, String request, Collection<? extends CellId> reads, DecideFunction function) {
        SortedMap<CellAddress, CellId> cells = addressed(Objects.requireNonNull(reads, "reads"));
        Fingerprint fingerprint = Fingerprints.of(settings.namespace(), request, cells.values());
        return new Request.Deciding(settings.namespace(), key, fingerprint, new TreeSet<>(cells.keySet()), function);
    }

    private static Outcome outcome(End end) {
        if (end.fault() != null) {
            throw end.fault();
        }
        return decided(end);
    }

    static Outcome decided(End end) {
        return ((Answer.Decided) Objects.requireNonNull(end.answer())).outcome();
    }

    private static List<Outcome> outcomes(List<End> ends) {
        if (ends.stream().anyMatch(end -> end.fault() != null)) {
            List<BatchException.Result> results = new ArrayList<>();
            for (End end : ends) {
                LedgerException fault = end.fault();
                results.add(new BatchException.Result(
                        fault == null ? Optional.of(decided(end)) : Optional.empty(), Optional.ofNullable(fault)));
            }
            throw new BatchException(results);
        }
        return ends.stream().map(StoreLedger::decided).toList();
    }

    private static Throwable cause(DecideFunctionException e) {
        return Objects.requireNonNull(e.getCause());
    }

    private static RuntimeException unwrapped(DecideFunctionException e) {
        Throwable thrown = cause(e);
        if (thrown instanceof Error error) {
            throw error;
        }
        // A function declares no checked exception; one thrown all the same keeps its wrapper.
        return thrown instanceof RuntimeException runtime ? runtime : e;
    }

    private static Verdict verdict(Throwable failure) {
        if (failure instanceof StoreException e) {
            return switch (e.trouble()) {
                case TRANSIENT, UNKNOWN -> Verdict.RETRY;
                case ONE_REQUEST, PERMANENT -> Verdict.FAIL;
            };
        }
        return Verdict.FAIL;
    }
}

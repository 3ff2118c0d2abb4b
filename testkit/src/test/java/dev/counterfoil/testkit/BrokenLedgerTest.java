package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.DecideView;
import dev.counterfoil.Decision;
import dev.counterfoil.Decline;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Operation;
import dev.counterfoil.Outcome;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Proposal;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract can fail: each ledger here does one thing wrong, and the test that is to see it does. */
class BrokenLedgerTest {
    interface Check<P> {
        void of(P part) throws Exception;
    }

    /** The test passes on a sound ledger, and fails on the broken one. */
    static <P extends ContractPart> void caught(
            Function<LedgerContract, P> part, Check<P> test, UnaryOperator<Ledger> broken) {
        assertThatCode(() -> run(part, test, DelegatingLedger::new)).doesNotThrowAnyException();
        Throwable thrown = catchThrowable(() -> run(part, test, broken));
        boolean seen = thrown instanceof AssertionError || thrown instanceof RuntimeException;
        if (!seen) {
            fail("the broken ledger passed", thrown);
        }
    }

    private static <P extends ContractPart> void run(
            Function<LedgerContract, P> part, Check<P> test, UnaryOperator<Ledger> wrapped) throws Exception {
        LedgerContract contract = new LedgerContract() {
            private final MemoryLedgerContractTest memory = new MemoryLedgerContractTest();

            @Override
            protected Ledger open(LedgerSettings settings) {
                return wrapped.apply(memory.open(settings));
            }

            @Override
            protected Ledger open(LedgerSettings settings, InstantSource clock) {
                return wrapped.apply(memory.open(settings, clock));
            }
        };
        P made = part.apply(contract);
        made.openLedger();
        try {
            test.of(made);
        } finally {
            made.closeLedgers();
        }
    }

    private static KeysContract keys(LedgerContract contract) {
        return new KeysContract(contract) {};
    }

    private static ConcurrencyContract concurrency(LedgerContract contract) {
        return new ConcurrencyContract(contract) {};
    }

    private static DecideContract decide(LedgerContract contract) {
        return new DecideContract(contract) {};
    }

    private static StaleReadsContract staleReads(LedgerContract contract) {
        return new StaleReadsContract(contract) {};
    }

    private static ReadingContract reading(LedgerContract contract) {
        return new ReadingContract(contract) {};
    }

    private static CallsContract calls(LedgerContract contract) {
        return new CallsContract(contract) {};
    }

    private static DifferentialContract differential(LedgerContract contract) {
        return new DifferentialContract(contract) {};
    }

    /** Says that it applied every n-th increment, and does not. */
    private static final class LosesUpdates extends DelegatingLedger {
        private final AtomicInteger count = new AtomicInteger();

        LosesUpdates(Ledger sound) {
            super(sound);
        }

        @Override
        public Outcome apply(Update update) {
            boolean lost =
                    update.operations().get(0) instanceof Operation.Increment && count.incrementAndGet() % 20 == 0;
            return lost
                    ? new Applied(new Receipt(update.key(), Instant.EPOCH, null, null, null, null, List.of()), false)
                    : super.apply(update);
        }
    }

    @Test
    void aLostUpdateIsSeen() {
        caught(BrokenLedgerTest::concurrency, ConcurrencyContract::noIncrementIsLost, LosesUpdates::new);
        caught(
                BrokenLedgerTest::differential,
                DifferentialContract::aRandomHistoryGivesTheSameAsInMemory,
                LosesUpdates::new);
    }

    /** Applies what comes again as if it were new, under another key. */
    private static final class ForgetsKeys extends DelegatingLedger {
        ForgetsKeys(Ledger sound) {
            super(sound);
        }

        @Override
        public Outcome apply(Update update) {
            Outcome outcome = super.apply(update);
            if (outcome instanceof Applied applied && applied.replayed()) {
                super.apply(
                        Rebuilt.of(Key.of("again-" + System.nanoTime()), update).build());
            }
            return outcome;
        }
    }

    @Test
    void anUpdateThatIsAppliedTwiceIsSeen() {
        caught(
                BrokenLedgerTest::keys,
                KeysContract::anAppliedKeySentAgainIsAnsweredWithTheIdenticalReceipt,
                ForgetsKeys::new);
        caught(
                BrokenLedgerTest::concurrency,
                ConcurrencyContract::ofManyWithOneKeyOneDecidesAndTheOthersReplay,
                ForgetsKeys::new);
    }

    /** Applies what comes again, once its details are pruned, as if it were new. */
    private static final class ForgetsPrunedKeys extends DelegatingLedger {
        ForgetsPrunedKeys(Ledger sound) {
            super(sound);
        }

        @Override
        public Outcome apply(Update update) {
            Outcome outcome = super.apply(update);
            return outcome instanceof Applied applied && applied.receipt().pruned()
                    ? super.apply(Rebuilt.of(Key.of("again-" + System.nanoTime()), update)
                            .build())
                    : outcome;
        }
    }

    @Test
    void aPrunedKeyThatIsForgottenIsSeen() {
        caught(
                c -> new PruningContract(c) {},
                part -> {
                    part.setTheClock();
                    part.callersBesideItAreAnsweredAndPayNothingTwice();
                },
                ForgetsPrunedKeys::new);
    }

    @Test
    void pruningThatTakesTheYoungTooIsSeen() {
        caught(
                c -> new PruningContract(c) {},
                part -> {
                    part.setTheClock();
                    part.onlyWhatIsOldEnoughInThisNamespaceIsPruned();
                },
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public long prune(Instant recordedBefore) {
                        return super.prune(recordedBefore) + super.prune(recordedBefore.plusNanos(1000));
                    }
                });
    }

    @Test
    void refusalsThatAreNotKeptAreSeen() {
        caught(
                BrokenLedgerTest::keys,
                KeysContract::aRefusedKeyIsRefusedAlikeEvenWhenItWouldBeAllowedNow,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Outcome apply(Update update) {
                        return super.apply(
                                Rebuilt.of(update.key(), update).retryable().build());
                    }
                });
    }

    @Test
    void refusalsThatAreKeptAndMustNotBeAreSeen() {
        UnaryOperator<Ledger> keepsAll = sound -> new DelegatingLedger(sound) {
            private final Map<Key, Outcome> refusals = new ConcurrentHashMap<>();

            @Override
            public Outcome apply(Update update) {
                Outcome kept = refusals.get(update.key());
                if (kept != null) {
                    return kept;
                }
                Outcome outcome = super.apply(update);
                if (outcome instanceof Rejected) {
                    refusals.put(update.key(), outcome);
                }
                return outcome;
            }
        };
        caught(BrokenLedgerTest::keys, KeysContract::stalenessIsNoDecision, keepsAll);
        caught(BrokenLedgerTest::keys, KeysContract::aRetryableRefusalIsNotKept, keepsAll);
    }

    @Test
    void otherContentThatIsAnsweredAsARepeatIsSeen() {
        UnaryOperator<Ledger> blind = sound -> new DelegatingLedger(sound) {
            @Override
            public Outcome apply(Update update) {
                Outcome outcome = super.apply(update);
                return outcome instanceof KeyReused reused ? reused.stored() : outcome;
            }
        };
        caught(BrokenLedgerTest::keys, KeysContract::otherContentUnderAnAppliedKeyIsKeyReusedWithWhatWasDecided, blind);
        caught(c -> new FingerprintContract(c) {}, FingerprintContract::operationsAreContent, blind);
    }

    @Test
    void anUpdateThatIsAppliedInPartIsSeen() {
        UnaryOperator<Ledger> stepwise = sound -> new DelegatingLedger(sound) {
            @Override
            public Outcome apply(Update update) {
                List<Outcome> steps = new ArrayList<>();
                for (Operation operation : update.operations()) {
                    Key key = Key.of("step " + steps.size(), update.key().value());
                    steps.add(super.apply(Rebuilt.of(key, List.of(operation)).build()));
                }
                return steps.stream()
                        .filter(Rejected.class::isInstance)
                        .findFirst()
                        .orElse(steps.get(0));
            }
        };
        caught(
                c -> new AtomicityContract(c) {},
                part -> {
                    part.openAccount();
                    part.refused(
                            Rejected.OutOfBounds.class,
                            Reason.BELOW_MINIMUM,
                            part.update().append(ContractPart.USAGE, "x").take(ContractPart.AVAILABLE, "9999"));
                },
                stepwise);
        caught(BrokenLedgerTest::concurrency, ConcurrencyContract::aPageOfAccountsShowsNoHalfOfAnUpdate, stepwise);
    }

    /** Reads one account after the other, and gives an update the time to come between. */
    private static final class TearsReads extends DelegatingLedger {
        private final AtomicInteger applied = new AtomicInteger();

        TearsReads(Ledger sound) {
            super(sound);
        }

        @Override
        public Outcome apply(Update update) {
            Outcome outcome = super.apply(update);
            applied.incrementAndGet();
            return outcome;
        }

        @Override
        public Snapshot read(AccountId... accounts) {
            List<Cell> cells = new ArrayList<>();
            for (AccountId account : accounts) {
                cells.addAll(super.read(account).cells());
                int before = applied.get();
                long end = System.nanoTime() + 1_000_000;
                while (applied.get() == before && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
            return new Snapshot(List.of(accounts), cells, Instant.EPOCH);
        }
    }

    @Test
    void aTornReadIsSeen() {
        caught(BrokenLedgerTest::concurrency, ConcurrencyContract::readersSeeNoHalfOfAnUpdate, TearsReads::new);
    }

    /** Decides on what it read, whatever happened since. */
    private static final class DecidesOnStaleReads extends DelegatingLedger {
        DecidesOnStaleReads(Ledger sound) {
            super(sound);
        }

        @Override
        public Outcome decide(Key key, String request, Collection<? extends CellId> reads, DecideFunction function) {
            Optional<Decision> known = find(key);
            if (known.isPresent()) {
                return known.get();
            }
            Snapshot snapshot =
                    read(reads.stream().map(CellId::account).distinct().toArray(AccountId[]::new));
            Proposal proposal = function.decide(new View(key, snapshot));
            return proposal instanceof Update update
                    ? apply(update)
                    : super.decide(key, request, reads, now -> proposal);
        }
    }

    private record View(Key key, Snapshot read) implements DecideView {
        @Override
        public Update.Builder update() {
            return Update.of(key);
        }

        @Override
        public Decline decline(String code, String message) {
            return new Decline(code, message);
        }

        @Override
        public Optional<Balance> find(BalanceId cell) {
            return read.find(cell);
        }

        @Override
        public Optional<Register> find(RegisterId cell) {
            return read.find(cell);
        }

        @Override
        public Optional<Journal> find(JournalId cell) {
            return read.find(cell);
        }

        @Override
        public BigDecimal balance(BalanceId cell) {
            return read.balance(cell);
        }

        @Override
        public String register(RegisterId cell) {
            return read.register(cell);
        }

        @Override
        public long count(JournalId cell) {
            return read.count(cell);
        }

        @Override
        public Instant asOf() {
            return read.asOf();
        }
    }

    @Test
    void aDecisionOnAStaleReadIsSeen() {
        caught(
                BrokenLedgerTest::staleReads,
                StaleReadsContract::theFunctionRunsAgainWhereWhatItReadHasChanged,
                DecidesOnStaleReads::new);
        caught(
                BrokenLedgerTest::staleReads,
                StaleReadsContract::aChangeOfACellThatWasOnlyReadCountsAndSoDoesOneThatWasUndone,
                DecidesOnStaleReads::new);
        caught(
                BrokenLedgerTest::staleReads,
                StaleReadsContract::itEndsAgainst32CallersOfTheSameCellAndNeverDecidesOnStaleReads,
                DecidesOnStaleReads::new);
    }

    @Test
    void callsFromInsideADecideThatAreLetThroughAreSeen() {
        caught(
                BrokenLedgerTest::decide,
                DecideContract::callsIntoALedgerFromInsideAreRefused,
                DecidesOnStaleReads::new);
    }

    @Test
    void anEntryThatIsNotInTheHistoryIsSeen() {
        caught(
                c -> new ReceiptsContract(c) {},
                ReceiptsContract::recordedTimesNeverDecreaseWithinACell,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Page<JournalEntry> history(JournalId cell, PageRequest page) {
                        Page<JournalEntry> all = super.history(cell, page);
                        return new Page<>(
                                all.items().stream()
                                        .filter(e -> e.sequence() != 77)
                                        .toList(),
                                all.next(),
                                all.asOf());
                    }
                });
    }

    @Test
    void aTimeThatGoesBackIsSeen() {
        caught(
                c -> new ReceiptsContract(c) {},
                ReceiptsContract::recordedTimesNeverDecreaseWithinACell,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Page<JournalEntry> history(JournalId cell, PageRequest page) {
                        Page<JournalEntry> all = super.history(cell, page);
                        return new Page<>(all.items().stream().map(this::back).toList(), all.next(), all.asOf());
                    }

                    private JournalEntry back(JournalEntry e) {
                        Instant time = e.recordedAt().minusSeconds(e.sequence() == 77 ? 1 : 0);
                        return new JournalEntry(
                                e.cell(),
                                e.sequence(),
                                e.type(),
                                e.payload(),
                                e.count(),
                                e.forced(),
                                e.key(),
                                e.index(),
                                time,
                                null);
                    }
                });
    }

    @Test
    void anAmountThatDoesNotAddUpIsSeen() {
        caught(
                c -> new BalancesContract(c) {},
                BalancesContract::aTransferMovesBetweenTwoBalances,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Page<BalanceEntry> history(BalanceId cell, PageRequest page) {
                        Page<BalanceEntry> all = super.history(cell, page);
                        return new Page<>(all.items().stream().map(this::wrong).toList(), all.next(), all.asOf());
                    }

                    private BalanceEntry wrong(BalanceEntry e) {
                        BigDecimal delta = e.sequence() == 2 ? e.delta().add(new BigDecimal("0.01")) : e.delta();
                        return new BalanceEntry(
                                e.cell(),
                                e.sequence(),
                                e.type(),
                                delta,
                                e.after(),
                                e.limits(),
                                e.forced(),
                                e.key(),
                                e.index(),
                                e.recordedAt(),
                                e.effectiveAt());
                    }
                });
    }

    @Test
    void aListInAnotherOrderIsSeen() {
        caught(
                BrokenLedgerTest::calls,
                CallsContract::eachOfAListIsDecidedAloneAndInOrder,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public List<Outcome> applyEach(List<Update> updates) {
                        List<Update> sorted = new ArrayList<>(updates);
                        Collections.reverse(sorted);
                        List<Outcome> outcomes = new ArrayList<>(super.applyEach(sorted));
                        Collections.reverse(outcomes);
                        return outcomes;
                    }
                });
    }

    @Test
    void anExecutorThatIsNotUsedIsSeen() {
        UnaryOperator<Ledger> impatient = sound -> new DelegatingLedger(sound) {
            @Override
            public CompletableFuture<Outcome> applyAsync(Update update, Executor executor) {
                return super.applyAsync(update, Runnable::run);
            }
        };
        caught(BrokenLedgerTest::calls, CallsContract::nothingIsSentBeforeTheExecutorRuns, impatient);
        caught(BrokenLedgerTest::calls, CallsContract::whatIsCancelledBeforeItRunsIsNotSent, impatient);
        caught(BrokenLedgerTest::calls, CallsContract::anAsynchronousCallCompletesOnTheExecutorGiven, impatient);
    }

    @Test
    void namespacesThatAreOneAreSeen() {
        caught(
                c -> new ReferencesContract(c) {},
                ReferencesContract::namespacesShareNothing,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Ledger namespace(String namespace) {
                        return this;
                    }
                });
    }

    @Test
    void anInterruptThatIsSwallowedIsSeen() {
        caught(
                c -> new WaitingContract(c) {},
                WaitingContract::anInterruptedCallerStopsWaitingAndKeepsItsFlag,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Outcome apply(Update update) {
                        try {
                            return super.apply(update);
                        } catch (LedgerException e) {
                            Thread.interrupted();
                            throw e;
                        }
                    }
                });
    }

    @Test
    void accountsInTheOrderOfTheirCharsAreSeen() {
        caught(
                BrokenLedgerTest::reading,
                ReadingContract::accountsAreListedInTheOrderOfTheirBytes,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Page<AccountId> accounts(String kind, String idPrefix, PageRequest page) {
                        Page<AccountId> all = super.accounts(kind, idPrefix, page);
                        List<AccountId> sorted = new ArrayList<>(all.items());
                        sorted.sort(Comparator.comparing(AccountId::id));
                        return new Page<>(sorted, all.next(), all.asOf());
                    }
                });
    }

    @Test
    void aPrefixThatIsAPatternIsSeen() {
        caught(
                BrokenLedgerTest::reading,
                ReadingContract::accountsAreListedByTheBeginningOfTheirIds,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Page<AccountId> accounts(String kind, String idPrefix, PageRequest page) {
                        Page<AccountId> all = super.accounts(kind, "", PageRequest.first(1000));
                        Stream<AccountId> like = all.items().stream()
                                .filter(a ->
                                        a.id().toLowerCase(Locale.ROOT).startsWith(idPrefix.toLowerCase(Locale.ROOT)));
                        return page.limit() < 1000
                                ? super.accounts(kind, idPrefix, page)
                                : new Page<>(like.toList(), Optional.empty(), all.asOf());
                    }
                });
    }

    @Test
    void anAmountThatLostItsScaleIsSeen() {
        caught(
                c -> new StorageContract(c) {},
                StorageContract::smallAmountsKeepTheirScale,
                sound -> new DelegatingLedger(sound) {
                    @Override
                    public Snapshot read(AccountId... accounts) {
                        Snapshot read = super.read(accounts);
                        List<Cell> cells =
                                read.cells().stream().map(this::rounded).toList();
                        return new Snapshot(List.of(accounts), cells, read.asOf());
                    }

                    private Cell rounded(Cell cell) {
                        return cell instanceof Balance b
                                ? new Balance(
                                        b.id(),
                                        BigDecimal.valueOf(b.amount().doubleValue()),
                                        b.limits(),
                                        b.version(),
                                        b.closed(),
                                        b.lastUpdate(),
                                        b.lastRecordedAt())
                                : cell;
                    }
                });
    }
}

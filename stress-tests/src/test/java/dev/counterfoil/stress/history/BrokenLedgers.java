package dev.counterfoil.stress.history;

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
import dev.counterfoil.EntryType;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Operation;
import dev.counterfoil.Outcome;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Proposal;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import dev.counterfoil.testkit.DelegatingLedger;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Ledgers that break one promise now and then, made from a sound one. */
final class BrokenLedgers {
    private BrokenLedgers() {}

    /** One that does something wrong in one call of so many. */
    private abstract static class NowAndThen extends DelegatingLedger {
        private final AtomicInteger calls = new AtomicInteger();
        private final int oneIn;

        NowAndThen(Ledger sound, int oneIn) {
            super(sound);
            this.oneIn = oneIn;
        }

        boolean now() {
            return calls.incrementAndGet() % oneIn == 0;
        }
    }

    /** Answers before it has committed, and dies: the receipt is the one that the update would have had. */
    static Ledger acknowledgesWithoutACommit(Ledger sound) {
        return new NowAndThen(sound, 10) {
            @Override
            public Outcome apply(Update update) {
                boolean one = update.operations().size() == 1
                        && update.operations().get(0) instanceof Operation.Increment
                        && update.reference() == null
                        && update.reverses() == null;
                return one && now() ? forged(sound, update) : super.apply(update);
            }
        };
    }

    /** Tells the caller that what was refused is done. */
    static Ledger acknowledgesARefused(Ledger sound) {
        return new NowAndThen(sound, 20) {
            @Override
            public Outcome apply(Update update) {
                Outcome outcome = super.apply(update);
                boolean refused = outcome instanceof Rejected.OutOfBounds no
                        && !no.replayed()
                        && update.operations().get(no.index()) instanceof Operation.Increment;
                return refused && now() ? forged(sound, update) : outcome;
            }
        };
    }

    /** The answer to an update of increments that was not made. */
    private static Applied forged(Ledger sound, Update update) {
        List<ReceiptEntry> entries = new ArrayList<>();
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Increment increment) {
                BalanceId cell = increment.cell();
                Balance now = sound.read(cell.account()).find(cell).orElseThrow();
                BigDecimal delta = increment.amount().setScale(cell.unit().scale());
                entries.add(new ReceiptEntry.OfBalance(
                        entries.size(),
                        cell,
                        EntryType.INCREMENT,
                        now.version() + 1,
                        delta,
                        now.amount().add(delta)));
            }
        }
        Receipt receipt = new Receipt(update.key(), Instant.now(), null, null, null, null, entries);
        return new Applied(receipt, false);
    }

    /** Says that it refused, and has done it. */
    static Ledger refusesWhatItHasDone(Ledger sound) {
        return new NowAndThen(sound, 100) {
            @Override
            public Outcome apply(Update update) {
                Outcome outcome = super.apply(update);
                return outcome instanceof Applied applied && !applied.replayed() && now()
                        ? new Rejected.Declined(
                                new Rejected.Context(update.key(), applied.recordedAt(), false, -1, null, null),
                                "NO",
                                "")
                        : outcome;
            }
        };
    }

    /** Takes a lost answer for a commit that failed. */
    static Ledger saysNotAppliedWithoutKnowing(Ledger sound) {
        return new NowAndThen(sound, 20) {
            @Override
            public Outcome apply(Update update) {
                Outcome outcome = super.apply(update);
                if (outcome instanceof Applied applied && !applied.replayed() && now()) {
                    throw new NotAppliedException("the link broke", null);
                }
                return outcome;
            }
        };
    }

    /** Answers a repeat with a receipt that it makes anew. */
    static Ledger answersARepeatAnew(Ledger sound) {
        return new NowAndThen(sound, 5) {
            @Override
            public Outcome apply(Update update) {
                Outcome outcome = super.apply(update);
                if (outcome instanceof Applied applied && applied.replayed() && now()) {
                    Receipt old = applied.receipt();
                    Receipt other = new Receipt(
                            old.key(),
                            old.recordedAt().plusNanos(1000),
                            old.effectiveAt(),
                            old.metadata(),
                            old.reference(),
                            old.reverses(),
                            old.entries());
                    return new Applied(other, true);
                }
                return outcome;
            }
        };
    }

    /** Looks at the key only, and not at what is asked under it. */
    static Ledger takesOtherContentForARepeat(Ledger sound) {
        return new DelegatingLedger(sound) {
            @Override
            public Outcome apply(Update update) {
                Outcome outcome = super.apply(update);
                return outcome instanceof KeyReused reused ? reused.stored() : outcome;
            }
        };
    }

    /** Knows no keys: what is sent again is done again. Inside, each send has a key of its own. */
    static Ledger doesARepeatAgain(Ledger sound) {
        return new DelegatingLedger(sound) {
            private final AtomicInteger sends = new AtomicInteger();

            @Override
            public Outcome apply(Update update) {
                boolean one = update.operations().size() == 1
                        && update.operations().get(0) instanceof Operation.Increment
                        && update.reference() == null
                        && update.reverses() == null;
                if (!one) {
                    return super.apply(update);
                }
                Operation.Increment increment =
                        (Operation.Increment) update.operations().get(0);
                Update renamed = Update.of(update.key().value() + "~" + sends.incrementAndGet())
                        .increment(increment.cell(), increment.amount())
                        .build();
                Outcome outcome = super.apply(renamed);
                return outcome instanceof Applied applied
                        ? new Applied(named(applied.receipt(), update.key()), false)
                        : outcome;
            }

            private static Receipt named(Receipt receipt, Key key) {
                return new Receipt(key, receipt.recordedAt(), null, null, null, null, receipt.entries());
            }

            @Override
            public Page<BalanceEntry> history(BalanceId cell, PageRequest page) {
                Page<BalanceEntry> found = super.history(cell, page);
                return new Page<>(
                        found.items().stream().map(BrokenLedgers::outer).toList(), found.next(), found.asOf());
            }
        };
    }

    private static BalanceEntry outer(BalanceEntry entry) {
        Key key = Key.of(entry.key().value().replaceAll("~.*", ""));
        return new BalanceEntry(
                entry.cell(),
                entry.sequence(),
                entry.type(),
                entry.delta(),
                entry.after(),
                entry.limits(),
                entry.forced(),
                key,
                entry.index(),
                entry.recordedAt(),
                entry.effectiveAt());
    }

    /** Reads one account after the other. */
    static Ledger tearsReads(Ledger sound) {
        return new DelegatingLedger(sound) {
            private final AtomicInteger applied = new AtomicInteger();

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
                    awaitAnother();
                }
                return new Snapshot(List.of(accounts), cells, Instant.EPOCH);
            }

            /** So that something comes between; not for ever, since the others may be reading too. */
            private void awaitAnother() {
                int before = applied.get();
                long end = System.nanoTime() + 300_000;
                while (applied.get() == before && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
        };
    }

    /** Has a cache of accounts, which it looks into now and then. */
    static Ledger readsFromACache(Ledger sound) {
        return new NowAndThen(sound, 5) {
            private final Map<AccountId, Snapshot> cache = new ConcurrentHashMap<>();

            @Override
            public Snapshot read(AccountId... accounts) {
                if (accounts.length > 1) {
                    return super.read(accounts);
                }
                Snapshot old = cache.get(accounts[0]);
                if (old != null && now()) {
                    return old;
                }
                Snapshot fresh = super.read(accounts);
                cache.put(accounts[0], fresh);
                return fresh;
            }
        };
    }

    /** Looks for keys in a copy that is not up to date. */
    static Ledger looksForKeysInAnOldCopy(Ledger sound) {
        return new NowAndThen(sound, 10) {
            @Override
            public Optional<Decision> find(Key key) {
                return now() ? Optional.empty() : super.find(key);
            }
        };
    }

    /** Reads, decides and applies, with room between them for somebody else. */
    static Ledger decidesOnWhatWasSo(Ledger sound) {
        return new DelegatingLedger(sound) {
            @Override
            public Outcome decide(
                    Key key, String request, Collection<? extends CellId> reads, DecideFunction function) {
                Optional<Decision> known = super.find(key);
                if (known.isPresent()) {
                    return known.get();
                }
                AccountId[] accounts =
                        reads.stream().map(CellId::account).distinct().toArray(AccountId[]::new);
                Snapshot read = super.read(accounts);
                long end = System.nanoTime() + 300_000;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                Proposal proposal = function.decide(new View(key, read));
                return proposal instanceof Update update
                        ? super.apply(update)
                        : super.decide(key, request, reads, now -> proposal);
            }
        };
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
}

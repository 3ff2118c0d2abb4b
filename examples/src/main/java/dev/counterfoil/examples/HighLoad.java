package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.examples.harness.Checks;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Together;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** Scenario 7: 64 callers send random transfers between 100 accounts, one in twenty of them twice. */
public final class HighLoad implements Scenario {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final int CALLERS = 64;
    private static final List<AccountId> ACCOUNTS = IntStream.range(0, 100)
            .mapToObj(number -> AccountId.of("load", String.format(Locale.ROOT, "%02d", number)))
            .toList();

    private final int transfers;
    private final List<Transfer> sends;
    private final IntConsumer progress;

    /**
     * A load.
     *
     * @param seed of the random transfers
     * @param transfers how many, a multiple of 20; one in twenty is sent a second time on top
     * @param progress told now and then how many sends were answered; called by many threads
     */
    public HighLoad(long seed, int transfers, IntConsumer progress) {
        this.transfers = transfers;
        this.sends = plan(new Random(seed), transfers);
        this.progress = progress;
    }

    /** A wish: the key was minted with it, and goes with it however often it is sent. */
    record Transfer(String key, int from, int to, BigDecimal amount) {}

    /** Random transfers; behind every twenty, one of them again. */
    private static List<Transfer> plan(Random random, int transfers) {
        List<Transfer> sends = new ArrayList<>();
        for (int i = 1; i <= transfers; i++) {
            int from = random.nextInt(ACCOUNTS.size());
            int to = (from + 1 + random.nextInt(ACCOUNTS.size() - 1)) % ACCOUNTS.size();
            sends.add(new Transfer("transfer-" + i, from, to, BigDecimal.valueOf(1 + random.nextInt(50_000), 2)));
            if (i % 20 == 0) {
                sends.add(sends.get(sends.size() - 1 - random.nextInt(20)));
            }
        }
        return List.copyOf(sends);
    }

    private static BalanceId balance(int account) {
        return ACCOUNTS.get(account).balance("balance", SAR);
    }

    /** Opens all accounts in one update: all of them, or none. */
    static Outcome open(Ledger ledger) {
        Update.Builder update = Update.of("load/open");
        for (int account = 0; account < ACCOUNTS.size(); account++) {
            update.open(balance(account), "1000.00", Limits.nonNegative());
        }
        return ledger.apply(update.build());
    }

    /** Sends a transfer; no lock order to think of, no retry to write. Refused with BELOW_MINIMUM where money is short. */
    static Outcome send(Ledger ledger, Transfer transfer) {
        return ledger.apply(Update.of(transfer.key())
                .transfer(balance(transfer.from()), balance(transfer.to()), transfer.amount())
                .build());
    }

    @Override
    public String title() {
        return "High load";
    }

    @Override
    public String mustEndAs() {
        return number(transfers) + " transfers, 64 callers, 100 accounts, 5 % sent twice: all answered, none doubled, "
                + "100000.00 in all";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        return library(ledger, () -> 0);
    }

    /** With the number of COMMITs that took effect and whose answers were lost: a first send may then be answered as a repeat. */
    Ending library(Ledger ledger, IntSupplier answersLost) throws InterruptedException {
        open(ledger).orThrow();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        List<List<Outcome>> all = Together.run(CALLERS, caller -> {
            List<Outcome> mine = new ArrayList<>();
            for (int i = next.getAndIncrement(); i < sends.size(); i = next.getAndIncrement()) {
                mine.add(send(ledger, sends.get(i)));
                progress.accept(answered.incrementAndGet());
            }
            return mine;
        });
        return check(ledger, all.stream().flatMap(List::stream).toList(), answersLost.getAsInt());
    }

    private Ending check(Ledger ledger, List<Outcome> outcomes, int answersLost) {
        Checks checks = new Checks();
        checks.same("answers", sends.size(), outcomes.size());
        Map<Key, Receipt> receipts = new HashMap<>();
        int replays = 0;
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Applied applied) {
                Receipt known = receipts.putIfAbsent(applied.key(), applied.receipt());
                checks.that(
                        applied.key() + ": two receipts under one key",
                        known == null || known.equals(applied.receipt()));
            } else {
                checks.that(
                        "must be applied or short of money: " + outcome,
                        outcome instanceof Rejected no && no.reason() == Reason.BELOW_MINIMUM);
            }
            replays += replayed(outcome) ? 1 : 0;
        }
        int duplicates = sends.size() - transfers;
        checks.that(
                "replays: must be " + duplicates + (answersLost > 0 ? " to " + (duplicates + answersLost) : "")
                        + ", are " + replays,
                replays >= duplicates && replays <= duplicates + answersLost);

        Snapshot now = ledger.read(ACCOUNTS.toArray(AccountId[]::new));
        BigDecimal total = BigDecimal.ZERO;
        int increments = 0;
        Set<Key> moved = new HashSet<>();
        for (int account = 0; account < ACCOUNTS.size(); account++) {
            BalanceId balance = balance(account);
            BigDecimal amount = now.balance(balance);
            checks.that(balance + " must not be negative, is " + amount, amount.signum() >= 0);
            total = total.add(amount);
            List<BalanceEntry> entries = Checks.allOf(page -> ledger.history(balance, page));
            checks.fold(balance.toString(), entries, amount);
            increments += entries.size() - 1;
            entries.stream().skip(1).forEach(entry -> moved.add(entry.key()));
        }
        checks.amount("total", "100000.00", total);
        checks.same("entries, two for each applied transfer", receipts.size() * 2, increments);
        checks.same("transfers with entries", receipts.keySet(), moved);
        return checks.ending(number(outcomes.size()) + " answers, " + number(replays) + " replayed, "
                + number(transfers - receipts.size()) + " short of money, no error; " + total + " in all");
    }

    private static boolean replayed(Outcome outcome) {
        return outcome instanceof Decision decision && decision.replayed();
    }

    private static String number(int count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        int rounds = Math.min(20, sends.size() / CALLERS);
        for (int account = 0; account < ACCOUNTS.size(); account++) {
            table.write("balance/" + account, "1000.00");
        }
        Together.Barrier betweenReadAndWrite = new Together.Barrier(CALLERS);
        List<List<Transfer>> all = Together.run(CALLERS, caller -> {
            List<Transfer> done = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                Transfer transfer = sends.get(round * CALLERS + caller - 1);
                BigDecimal from = table.amount("balance/" + transfer.from());
                BigDecimal to = table.amount("balance/" + transfer.to());
                betweenReadAndWrite.await();
                if (from.compareTo(transfer.amount()) >= 0) {
                    table.write("balance/" + transfer.from(), from.subtract(transfer.amount()));
                    table.write("balance/" + transfer.to(), to.add(transfer.amount()));
                    done.add(transfer);
                }
            }
            return done;
        });
        List<Transfer> done = all.stream().flatMap(List::stream).toList();
        BigDecimal total = BigDecimal.ZERO;
        int wrong = 0;
        for (int account = 0; account < ACCOUNTS.size(); account++) {
            BigDecimal must = new BigDecimal("1000.00");
            for (Transfer transfer : done) {
                must = transfer.to() == account ? must.add(transfer.amount()) : must;
                must = transfer.from() == account ? must.subtract(transfer.amount()) : must;
            }
            BigDecimal is = table.amount("balance/" + account);
            wrong += is.compareTo(must) == 0 ? 0 : 1;
            total = total.add(is);
        }
        long doubled = done.size() - done.stream().map(Transfer::key).distinct().count();
        return new Loss(
                wrong > 0,
                "after " + number(rounds * CALLERS) + " sends: " + wrong + " of 100 balances wrong, " + doubled
                        + " transfers paid twice, 100000.00 became " + total);
    }
}

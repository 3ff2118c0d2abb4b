package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Scenario 2: a payment that many complete at once, from one process or from ten browser tabs, and that is booked once. */
public final class Payment implements Scenario {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId OFFICE = AccountId.of("office", "main");
    private static final BalanceId CASH = OFFICE.balance("cash", SAR);
    private static final JournalId POSTINGS = OFFICE.journal("postings");

    private static final int CALLERS = 10;

    /** The cells of a payment and its invoice. */
    record Invoice(String number) {
        AccountId account() {
            return AccountId.of("invoice", number);
        }

        BalanceId due() {
            return account().balance("due", SAR);
        }

        BalanceId paid() {
            return account().balance("paid", SAR);
        }

        RegisterId payment() {
            return account().register("payment");
        }
    }

    /** Opens an invoice over 1000.00 whose payment is pending. */
    static Outcome open(Ledger ledger, Invoice invoice) {
        return ledger.apply(Update.of("invoice-" + invoice.number() + "/open")
                .open(invoice.due(), "1000.00", Limits.nonNegative())
                .open(invoice.paid(), "0.00", Limits.nonNegative())
                .open(invoice.payment(), "PENDING")
                .openIfAbsent(CASH)
                .openIfAbsent(POSTINGS)
                .build());
    }

    /**
     * Completes the payment of an invoice: status, invoice, cash and posting together.
     *
     * <p>The key guards against one caller that sends twice. The reference guards against two callers with keys of their own:
     * it is unique among the applied updates, and the second is refused as {@link Rejected.ReferenceTaken}.
     */
    static Outcome complete(Ledger ledger, Invoice invoice, String key) {
        return ledger.apply(Update.of(key)
                .reference("invoice/" + invoice.number() + "/payment")
                .compareAndSet(invoice.payment(), "PENDING", "COMPLETED")
                .transfer(invoice.due(), invoice.paid(), "1000.00")
                .add(CASH, "1000.00")
                .append(POSTINGS, "invoice " + invoice.number() + ", 1000.00")
                .build());
    }

    /** The receipt of the completion, whoever completed it: asking again for what is done answers with what was done. */
    static Receipt completionOf(Ledger ledger, Outcome outcome) {
        if (outcome instanceof Rejected.ReferenceTaken taken) {
            Key completion = taken.decidedBy();
            if (completion != null) {
                return ledger.find(completion).orElseThrow().orThrow().receipt();
            }
        }
        return outcome.orThrow().receipt();
    }

    @Override
    public String title() {
        return "Payment completed once";
    }

    @Override
    public String mustEndAs() {
        return "10 complete it, with one key and with ten: 1 posting, all get the completion's receipt";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        Checks checks = new Checks();
        Invoice first = new Invoice("41");
        open(ledger, first).orThrow();
        List<Outcome> oneKey = Together.run(CALLERS, caller -> complete(ledger, first, "payment-41/complete"));
        Invoice second = new Invoice("42");
        open(ledger, second).orThrow();
        List<Outcome> ownKeys = Together.run(CALLERS, tab -> complete(ledger, second, "payment-42/tab-" + tab));

        long replayed = oneKey.stream()
                .filter(outcome -> outcome instanceof Applied applied && applied.replayed())
                .count();
        checks.same("one key: answered from the first", 9L, replayed);
        Set<Receipt> receipts = new HashSet<>();
        oneKey.forEach(outcome -> receipts.add(outcome.orThrow().receipt()));
        checks.same("one key: different receipts", 1, receipts.size());

        long refused = ownKeys.stream()
                .filter(Rejected.ReferenceTaken.class::isInstance)
                .count();
        checks.same("own keys: refused because it is done", 9L, refused);
        Set<Receipt> completions = new HashSet<>();
        ownKeys.forEach(outcome -> completions.add(completionOf(ledger, outcome)));
        checks.same("own keys: different completions that they were told", 1, completions.size());

        for (Invoice invoice : List.of(first, second)) {
            Snapshot now = ledger.read(invoice.account());
            checks.amount("due", "0.00", now.balance(invoice.due()));
            checks.amount("paid", "1000.00", now.balance(invoice.paid()));
            List<RegisterEntry> status = Checks.allOf(page -> ledger.history(invoice.payment(), page));
            checks.same(
                    "status over time",
                    List.of("PENDING", "COMPLETED"),
                    status.stream().map(RegisterEntry::after).toList());
            checks.gapless("status", status);
        }
        Snapshot office = ledger.read(OFFICE);
        checks.amount("cash", "2000.00", office.balance(CASH));
        checks.same("postings", 2L, office.count(POSTINGS));
        checks.fold("cash", Checks.allOf(page -> ledger.history(CASH, page)), office.balance(CASH));
        return checks.ending("one key: 1 applied, " + replayed + " replays; ten keys: " + (CALLERS - refused)
                + " applied, " + refused + " told by whom; " + office.count(POSTINGS) + " postings for 2 invoices");
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        int oneKey = completeLossy(table, "41", caller -> "payment-41/complete");
        int ownKeys = completeLossy(table, "42", tab -> "payment-42/tab-" + tab);
        return new Loss(
                oneKey > 1 && ownKeys > 1,
                "one key: booked " + oneKey + " times; ten keys: booked " + ownKeys + " times; " + (oneKey + ownKeys)
                        + " postings of 1000.00 for 2 invoices");
    }

    private static int completeLossy(PlainTable table, String invoice, Together.Caller<String> keys)
            throws InterruptedException {
        table.write("status/" + invoice, "PENDING");
        Together.Barrier betweenReadAndWrite = new Together.Barrier(CALLERS);
        List<Boolean> completed = Together.run(CALLERS, caller -> {
            String key = keys.call(caller);
            boolean done = table.count("key/" + key) > 0
                    || !table.read("status/" + invoice).equals("PENDING");
            betweenReadAndWrite.await();
            if (done) {
                return false;
            }
            table.append("key/" + key, invoice);
            table.write("status/" + invoice, "COMPLETED");
            table.append("postings/" + invoice, "1000.00");
            return true;
        });
        return completed.contains(true) ? table.count("postings/" + invoice) : 0;
    }
}

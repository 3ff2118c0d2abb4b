package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
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
import java.util.List;
import java.util.stream.Stream;

/** Scenario 3: money goes from one account to another; a transfer is cancelled once, and never more refunded than was paid. */
public final class BankTransfer implements Scenario {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId PAYER = AccountId.of("bank-account", "payer");
    private static final AccountId SHOP = AccountId.of("bank-account", "shop");
    private static final AccountId PURCHASE = AccountId.of("purchase", "9");
    private static final BalanceId SOURCE = PAYER.balance("balance", SAR);
    private static final BalanceId DESTINATION = SHOP.balance("balance", SAR);
    private static final BalanceId REFUNDABLE = PURCHASE.balance("refundable", SAR);

    private static final int CALLERS = 10;
    private static final int CANCELLERS = 5;

    /** Opens both accounts. */
    static Outcome open(Ledger ledger) {
        return ledger.apply(Update.of("bank/open")
                .open(SOURCE, "1000.00", Limits.nonNegative())
                .open(DESTINATION, "0.00", Limits.nonNegative())
                .build());
    }

    /** Moves money; an update of transfers only is marked balanced: its entries sum to zero, and the ledger can prove it. */
    static Outcome transfer(Ledger ledger, String key, String amount) {
        return ledger.apply(Update.of(key).transfer(SOURCE, DESTINATION, amount).build());
    }

    /**
     * Takes back a transfer.
     *
     * @param key the canceller's own key
     * @param transfer what the transfer returned; {@code ledger.find(key)} gives it again
     * @return applied, once for ever, whoever asks; the others are refused as {@link Rejected.NotReversible} with
     *     ALREADY_REVERSED, and {@code decidedBy} is the cancellation that took effect
     */
    static Outcome cancel(Ledger ledger, String key, Receipt transfer) {
        return ledger.apply(Update.reversalOf(key, transfer).build());
    }

    /** Pays for a purchase and keeps what may still be refunded of it. */
    static Outcome pay(Ledger ledger, String key, String amount) {
        return ledger.apply(Update.of(key)
                .transfer(SOURCE, DESTINATION, amount)
                .open(REFUNDABLE, amount, Limits.nonNegative())
                .build());
    }

    /** Refunds a part; refused with BELOW_MINIMUM where the parts together would exceed what was paid. */
    static Outcome refund(Ledger ledger, String key, String amount) {
        return ledger.apply(Update.of(key)
                .take(REFUNDABLE, amount)
                .transfer(DESTINATION, SOURCE, amount)
                .build());
    }

    @Override
    public String title() {
        return "Bank transfer";
    }

    @Override
    public String mustEndAs() {
        return "10 transfers of 800.00 from 1000.00: 1 applied; 5 cancel it: reversed once; refunds at most 300.00 of 300.00";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        Checks checks = new Checks();
        open(ledger).orThrow();

        List<Outcome> transfers = Together.run(CALLERS, caller -> transfer(ledger, "transfer-" + caller, "800.00"));
        List<Applied> moved = applied(transfers).toList();
        checks.same("transfers applied", 1, moved.size());
        checks.same("transfers refused", 9L, refused(transfers, Reason.BELOW_MINIMUM));
        String books = checkBooks(ledger, checks, "200.00", "800.00");

        if (moved.isEmpty()) {
            return checks.ending("no transfer was applied");
        }
        Receipt transfer = moved.get(0).receipt();
        List<Outcome> cancellations = Together.run(CANCELLERS, caller -> cancel(ledger, "cancel-" + caller, transfer));
        List<Applied> reversed = applied(cancellations).toList();
        checks.same("reversals applied", 1, reversed.size());
        Key winner = reversed.isEmpty() ? null : reversed.get(0).key();
        for (Outcome outcome : cancellations) {
            if (outcome instanceof Rejected.NotReversible no) {
                checks.same("who cancelled it", winner, no.decidedBy());
            }
        }
        checks.same("reversals refused", 4L, refused(cancellations, Reason.ALREADY_REVERSED));
        checkBooks(ledger, checks, "1000.00", "0.00");

        pay(ledger, "pay-9", "300.00").orThrow();
        List<Outcome> refunds = Together.run(CANCELLERS, caller -> refund(ledger, "refund-" + caller, "100.00"));
        long refunded = applied(refunds).count();
        checks.same("refunds applied", 3L, refunded);
        checks.same("refunds refused", 2L, refused(refunds, Reason.BELOW_MINIMUM));
        checks.amount("refundable", "0.00", ledger.read(PURCHASE).balance(REFUNDABLE));
        checkBooks(ledger, checks, "1000.00", "0.00");

        return checks.ending(moved.size() + " applied: " + books + ", sides sum to 0.00; " + reversed.size()
                + " reversal, " + refused(cancellations, Reason.ALREADY_REVERSED) + " told by whom; refunded "
                + new BigDecimal("100.00").multiply(BigDecimal.valueOf(refunded)));
    }

    private static String checkBooks(Ledger ledger, Checks checks, String source, String destination) {
        Snapshot now = ledger.read(PAYER, SHOP);
        checks.amount("source", source, now.balance(SOURCE));
        checks.amount("destination", destination, now.balance(DESTINATION));
        List<BalanceEntry> out = Checks.allOf(page -> ledger.history(SOURCE, page));
        List<BalanceEntry> in = Checks.allOf(page -> ledger.history(DESTINATION, page));
        checks.fold("source", out, now.balance(SOURCE));
        checks.fold("destination", in, now.balance(DESTINATION));
        // Behind the opening entry, each entry of one side has its opposite on the other, of the same update.
        checks.same("entries of both sides", out.size(), in.size());
        for (int i = 1; i < out.size(); i++) {
            checks.same("update of entry " + i, out.get(i).key(), in.get(i).key());
            checks.amount(
                    "both sides of entry " + i,
                    "0.00",
                    out.get(i).delta().add(in.get(i).delta()));
        }
        return now.balance(SOURCE) + " and " + now.balance(DESTINATION);
    }

    private static Stream<Applied> applied(List<Outcome> outcomes) {
        return outcomes.stream().filter(Applied.class::isInstance).map(Applied.class::cast);
    }

    private static long refused(List<Outcome> outcomes, Reason reason) {
        return outcomes.stream()
                .filter(outcome -> outcome instanceof Rejected no && no.reason() == reason)
                .count();
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        BigDecimal amount = new BigDecimal("800.00");
        table.write("source", "1000.00");
        table.write("destination", "0.00");
        Together.Barrier betweenReadAndWrite = new Together.Barrier(CALLERS);
        Together.run(CALLERS, caller -> {
            BigDecimal source = table.amount("source");
            BigDecimal destination = table.amount("destination");
            betweenReadAndWrite.await();
            if (source.compareTo(amount) >= 0) {
                table.write("source", source.subtract(amount));
                table.write("destination", destination.add(amount));
                table.append("transfers", "PAID");
            }
            return caller;
        });
        int paid = table.count("transfers");
        String after = table.read("source") + " and " + table.read("destination");

        table.write("status", "PAID");
        Together.Barrier betweenCancels = new Together.Barrier(CANCELLERS);
        Together.run(CANCELLERS, caller -> {
            String status = table.read("status");
            betweenCancels.await();
            if (status.equals("PAID")) {
                table.write("status", "CANCELLED");
                table.append("reversals", amount.toPlainString());
            }
            return caller;
        });
        int reversed = table.count("reversals");
        return new Loss(
                paid > 1 && reversed > 1,
                paid + " of 10 paid 800.00 from 1000.00; books say " + after + "; one transfer reversed " + reversed
                        + " times: " + amount.multiply(BigDecimal.valueOf(reversed)) + " given back");
    }
}

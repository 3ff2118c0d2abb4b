package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
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

/** Scenario 1: a prepaid balance that many consume at once and that must never go below zero. */
public final class Retainer implements Scenario {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId CLIENT = AccountId.of("retainer", "42");
    private static final BalanceId AVAILABLE = CLIENT.balance("available", SAR);
    private static final JournalId CONSUMPTIONS = CLIENT.journal("consumptions");

    private static final int CALLERS = 10;

    /** Opens the retainer. Limits live on the balance: no caller can forget to check them. */
    static Outcome open(Ledger ledger) {
        return ledger.apply(Update.of("retainer-42/open")
                .open(AVAILABLE, "1000.00", Limits.nonNegative())
                .open(CONSUMPTIONS)
                .build());
    }

    /**
     * Consumes from the retainer and says so in its journal: both or neither.
     *
     * @param key the caller's own name for this one wish, kept before it is sent; sent again, it counts once
     * @return applied; or refused as {@link Rejected.OutOfBounds} with BELOW_MINIMUM: not enough is left, and this key stays
     *     refused even if the client pays in later, because nobody is waiting for it any more; a new wish needs a new key
     */
    static Outcome consume(Ledger ledger, String key, String amount) {
        return ledger.apply(Update.of(key)
                .take(AVAILABLE, amount)
                .append(CONSUMPTIONS, "{\"amount\":\"" + amount + "\"}")
                .build());
    }

    @Override
    public String title() {
        return "Retainer";
    }

    @Override
    public String mustEndAs() {
        return "10 consume 800.00 of 1000.00: 1 applied, 9 refused, 200.00 left, 1 consumption";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        open(ledger).orThrow();
        List<Outcome> outcomes = Together.run(CALLERS, caller -> consume(ledger, "consume-" + caller, "800.00"));
        List<Outcome> again = Together.run(CALLERS, caller -> consume(ledger, "consume-" + caller, "800.00"));

        Checks checks = new Checks();
        List<Applied> applied = outcomes.stream()
                .filter(Applied.class::isInstance)
                .map(Applied.class::cast)
                .toList();
        checks.same("consumptions applied", 1, applied.size());
        Key winner = applied.isEmpty() ? null : applied.get(0).key();
        int refused = 0;
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Rejected.OutOfBounds no) {
                refused++;
                checks.same("reason", Reason.BELOW_MINIMUM, no.reason());
                checks.amount("balance that the refused one met", "200.00", no.before());
                checks.amount("what it would have become", "-600.00", no.after());
                checks.same("who took the money", winner, no.decidedBy());
            }
        }
        checks.same("consumptions refused", 9, refused);
        for (int i = 0; i < CALLERS; i++) {
            checks.that(
                    "caller " + (i + 1) + " sent it again and got another answer",
                    repeats(outcomes.get(i), again.get(i)));
        }

        Snapshot now = ledger.read(CLIENT);
        checks.amount("left", "200.00", now.balance(AVAILABLE));
        checks.same("consumptions in the journal", 1L, now.count(CONSUMPTIONS));
        checks.fold("available", Checks.allOf(page -> ledger.history(AVAILABLE, page)), now.balance(AVAILABLE));
        checks.gapless("consumptions", Checks.allOf(page -> ledger.history(CONSUMPTIONS, page)));
        return checks.ending(applied.size() + " applied, " + refused + " refused (BELOW_MINIMUM), "
                + now.balance(AVAILABLE) + " left, " + now.count(CONSUMPTIONS) + " consumption");
    }

    private static boolean repeats(Outcome first, Outcome second) {
        if (first instanceof Applied a && second instanceof Applied b) {
            return b.replayed() && a.receipt().equals(b.receipt());
        }
        return first instanceof Rejected a
                && second instanceof Rejected b
                && b.replayed()
                && a.reason() == b.reason()
                && a.recordedAt().equals(b.recordedAt());
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        BigDecimal price = new BigDecimal("800.00");
        table.write("available", "1000.00");
        Together.Barrier betweenReadAndWrite = new Together.Barrier(CALLERS);
        List<Boolean> consumed = Together.run(CALLERS, caller -> {
            BigDecimal available = table.amount("available");
            betweenReadAndWrite.await();
            if (available.compareTo(price) < 0) {
                return false;
            }
            table.write("available", available.subtract(price));
            table.append("consumptions", price.toPlainString());
            return true;
        });
        int times = table.count("consumptions");
        return new Loss(
                times > 1,
                consumed.stream().filter(done -> done).count() + " of 10 consumed 800.00 from 1000.00; balance "
                        + table.read("available") + "; " + price.multiply(BigDecimal.valueOf(times)) + " handed out");
    }
}

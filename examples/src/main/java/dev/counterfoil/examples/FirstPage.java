package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Decision;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The first page of the README, compiled and run. It makes or goes on with {@code books.db} in the current directory. */
public final class FirstPage {
    private FirstPage() {}

    /** Runs it. Run again, it changes nothing: its keys have been decided. */
    public static void main(String[] args) {
        // README first page: begin
        // import dev.counterfoil.*, dev.counterfoil.jdbc.JdbcLedger, java.math.*, java.util.*, java.util.concurrent.*
        Ledger ledger = JdbcLedger.open("jdbc:sqlite:books.db"); // embedded, durable, nothing to install

        Unit SAR = Unit.of("SAR", 2);
        AccountId retainer = AccountId.of("retainer", "42");
        BalanceId available = retainer.balance("available", SAR); // an exact number in a unit
        RegisterId status = retainer.register("status"); // a text that is compared and set
        JournalId usage = retainer.journal("consumptions"); // records that are only ever added

        Update open = Update.of("open-42")
                .open(available, "1000.00", Limits.nonNegative())
                .open(status, "ACTIVE")
                .open(usage)
                .build();
        ledger.apply(open).orThrow();

        Outcome outcome = ledger.apply(Update.of("consume-7f3a") // your own key: sent again, it counts once
                .requireValue(status, "ACTIVE") // a check: changes and records nothing
                .take(available, "800.00") // refused if it would break the limits
                .append(usage, "{\"hours\":4}")
                .build());
        if (outcome instanceof Applied done) {
            System.out.println("left: " + done.receipt().balance(available) + ", replayed: " + done.replayed());
        } else if (outcome instanceof Rejected.OutOfBounds no) {
            System.out.println("only " + no.before() + " is left, since " + no.decidedBy());
        } else {
            outcome.orThrow(); // any other "no", as an exception
        }

        BalanceId fees = AccountId.of("office", "main").balance("fees", SAR);
        ledger.apply(Update.of("open-office").open(fees).build()).orThrow();
        Update transfer = Update.of("t-1").transfer(available, fees, "150.00").build();
        Receipt receipt = ledger.apply(transfer).orThrow().receipt();
        ledger.apply(Update.reversalOf("refund-9", receipt).build()).orThrow(); // once for ever, whoever asks

        Update first = Update.of("fee-1").add(fees, "10.00").build();
        Update second = Update.of("fee-2").add(fees, "20.00").build();
        List<Outcome> each = ledger.applyEach(List.of(first, second)); // each alone, not together
        ExecutorService workers = Executors.newFixedThreadPool(2);
        CompletableFuture<Outcome> later = ledger.applyAsync(second, workers); // completes on an executor you choose

        AccountId invoice = AccountId.of("invoice", "9");
        BalanceId due = invoice.balance("due", SAR);
        BalanceId paid = invoice.balance("paid", SAR);
        RegisterId state = invoice.register("state");
        Update openInvoice = Update.of("open-invoice-9")
                .open(due, "300.00", Limits.nonNegative())
                .open(paid)
                .open(state, "OPEN")
                .build();
        ledger.apply(openInvoice).orThrow();

        // Reads, decides and applies as one step; the function may run again.
        BigDecimal amount = new BigDecimal("100.00");
        Outcome payment = ledger.decide("pay-9", "pay " + amount, List.of(due, paid, state), now -> {
            BigDecimal left = now.balance(due).subtract(amount);
            if (left.signum() < 0) {
                return now.decline("TOO_MUCH", "more than is due");
            }
            Update.Builder update = now.update().take(due, amount).add(paid, amount);
            if (left.signum() == 0) {
                update.compareAndSet(state, "OPEN", "PAID");
            }
            return update.build();
        });
        payment.orThrow();

        Snapshot books = ledger.read(retainer, invoice); // one consistent view
        Page<BalanceEntry> history = ledger.history(available, PageRequest.first(100)); // sums up to the balance
        Optional<Decision> decision = ledger.find("consume-7f3a"); // the decision under a key, if any

        later.join();
        workers.shutdown();
        ledger.close(); // when the application ends; one ledger serves all threads until then
        // README first page: end

        System.out.println("available: " + books.balance(available) + ", due: " + books.balance(due) + ", entries: "
                + history.items().size() + ", decided: " + decision.isPresent() + ", each: " + each.size() + ", later: "
                + later.join().orThrow().replayed());
    }
}

package dev.counterfoil.examples;

import dev.counterfoil.BalanceId;
import dev.counterfoil.Finding;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import java.time.Duration;
import java.time.Instant;

/** The pieces of code of docs/operations.md, compiled. */
final class Operations {
    private Operations() {}

    static void verify(Ledger ledger) {
        // docs verify: begin
        Verification books = ledger.verify(VerifyRequest.all()); // reads only
        if (!books.sound()) {
            books.first().forEach(System.err::println); // the first hundred; a VerifyListener is told of each
        }
        ledger.verify(VerifyRequest.all().sinceLast()); // only what has come since the last such run
        ledger.verify(VerifyRequest.of("wallet", "42-")); // only the accounts wallet/42-…
        // docs verify: end
    }

    static void listen(Ledger ledger) {
        // docs listener: begin
        ledger.verify(VerifyRequest.all(), new VerifyListener() {
            @Override
            public void onFinding(Finding finding) { // expected and observed are texts, and may be amounts
                System.err.println(finding + ": expected " + finding.expected() + ", is " + finding.observed());
            }
        });
        // docs listener: end
    }

    static void correct(Ledger ledger, BalanceId available) {
        // docs correct: begin
        ledger.restoreFromEntries(Key.of("ticket-881"), available, "row changed by hand, ticket 881")
                .orThrow(); // the entries are right
        ledger.acceptObserved(Key.of("ticket-882"), available, "150.00", "agreed with the bank, ticket 882")
                .orThrow(); // the world is right
        // docs correct: end
    }

    static void prune(Ledger ledger) {
        // docs prune: begin
        long pruned = ledger.prune(Instant.now().minus(Duration.ofDays(90)));
        // docs prune: end
        System.out.println(pruned);
    }
}

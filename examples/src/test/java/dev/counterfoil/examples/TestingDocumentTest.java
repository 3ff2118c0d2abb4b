package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.testkit.Injection;
import dev.counterfoil.testkit.TestLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The service and its tests that {@code docs/testing.md} shows: compiled and run. */
class TestingDocumentTest {
    private static final Path SOURCE = Path.of("src/test/java/dev/counterfoil/examples/TestingDocumentTest.java");

    // docs/testing service: begin
    /** Takes the price of an order from a wallet. */
    static final class Checkout {
        private final Ledger ledger;
        private final Queue<Update> unsettled = new ArrayDeque<>(); // in a real one: a table

        Checkout(Ledger ledger) {
            this.ledger = ledger;
        }

        String pay(String order, BalanceId wallet, String price) {
            return send(Update.of("pay-" + order).take(wallet, price).build());
        }

        /** Runs every minute. */
        void settle() {
            for (int i = unsettled.size(); i > 0; i--) {
                send(unsettled.remove());
            }
        }

        private String send(Update payment) {
            try {
                Outcome outcome = ledger.apply(payment);
                if (outcome instanceof Rejected no) {
                    return no.reason() == Reason.CLOSED ? "the wallet is closed" : "not enough money";
                }
                return outcome instanceof Applied ? "paid" : "an order of another content has this number";
            } catch (LedgerException fault) {
                unsettled.add(payment); // the same update, with the same key
                return "we will tell you";
            }
        }
    }
    // docs/testing service: end

    @Nested
    class CheckoutTest {
        // docs/testing test: begin
        private final BalanceId wallet = AccountId.of("wallet", "7").balance("money", Unit.of("SAR", 2));
        private final TestLedger ledger = TestLedger.create(); // in memory; the time stands still
        private final Checkout checkout = new Checkout(ledger);

        @BeforeEach
        void fillTheWallet() {
            Update open = Update.of("open")
                    .open(wallet, "100.00", Limits.nonNegative())
                    .build();
            ledger.apply(open).orThrow();
        }

        @AfterEach
        void everyInjectionWasMet() {
            ledger.assertNothingLeft(); // a key that is misspelt here would make a test that tests nothing
        }

        @Test
        void aPaymentWhoseAnswerIsLostIsSentAgainAndTakesTheMoneyOnce() {
            ledger.next("pay-42", Injection.answerLost()); // applied, but the service does not hear of it

            assertThat(checkout.pay("42", wallet, "30.00")).isEqualTo("we will tell you");
            checkout.settle();

            assertThat(ledger.sentKeys()).containsExactly(Key.of("open"), Key.of("pay-42"), Key.of("pay-42"));
            assertThat(ledger.read(wallet.account()).balance(wallet)).isEqualTo("70.00");
        }

        @Test
        void aPaymentThatNeverArrivedIsSentAgainToo() {
            ledger.next("pay-42", Injection.requestLost()); // looks the same to the service
            ledger.next("pay-42", Injection.notApplied());

            checkout.pay("42", wallet, "30.00");
            checkout.settle();
            checkout.settle();

            assertThat(ledger.read(wallet.account()).balance(wallet)).isEqualTo("70.00");
        }

        @Test
        void aRefusalIsShownAsWhatItIs() {
            ledger.next("pay-42", Injection.refused(Reason.CLOSED)); // without closing anything

            assertThat(checkout.pay("42", wallet, "30.00")).isEqualTo("the wallet is closed");
            assertThat(checkout.pay("43", wallet, "100.01")).isEqualTo("not enough money");
        }
        // docs/testing test: end
    }

    @Test
    void theDocumentShowsWhatIsCompiled() throws IOException {
        List<String> document = Files.readAllLines(Path.of("../docs/testing.md")).stream()
                .map(String::strip)
                .toList();
        for (String piece : List.of("service", "test")) {
            List<String> source =
                    Files.readAllLines(SOURCE).stream().map(String::strip).toList();
            List<String> compiled = source.subList(
                    source.indexOf("// docs/testing " + piece + ": begin") + 1,
                    source.indexOf("// docs/testing " + piece + ": end"));
            assertThat(compiled).hasSizeGreaterThan(10);
            assertThat(document).containsSequence(compiled);
        }
    }
}

package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads add one each to the same balance, under different keys.
 *
 * <p>The hazard is the lost update: both read 0, both decide on 1, and the later write buries the earlier one. The balance is
 * short by an amount that was acknowledged, and the history, written from the same stale view, has no trace of it.
 *
 * <p>The result is the balance, then how often the first key and the second stand in the history.
 */
public final class IncrementStress {
    private IncrementStress() {}

    /** Read, decide, write on a plain map: what a service does that reads a row, adds in Java, and saves the row. */
    @State
    @JCStressTest
    @Outcome(id = "2, 1, 1", expect = ACCEPTABLE, desc = "both increments are there, each key once")
    @Outcome(id = "1, 0, 1", expect = FORBIDDEN, desc = "the first increment was lost")
    @Outcome(id = "1, 1, 0", expect = FORBIDDEN, desc = "the second increment was lost")
    @Outcome(expect = FORBIDDEN, desc = "balance and history do not agree")
    public static class Broken {
        private static final String ACCOUNT = "account";

        private final Map<String, Book> books = new HashMap<>(Map.of(ACCOUNT, new Book(BigDecimal.ZERO, List.of())));

        record Book(BigDecimal balance, List<String> keys) {
            Book plus(String key, BigDecimal amount) {
                List<String> longer = new ArrayList<>(keys);
                longer.add(key);
                return new Book(balance.add(amount), List.copyOf(longer));
            }
        }

        private Book read() {
            Book book = books.get(ACCOUNT);
            if (book == null) {
                throw new IllegalStateException("the account is gone");
            }
            return book;
        }

        private void increment(String key) {
            Book before = read();
            books.put(ACCOUNT, before.plus(key, BigDecimal.ONE));
        }

        /** Adds one. */
        @Actor
        public void first() {
            increment("first");
        }

        /** Adds one. */
        @Actor
        public void second() {
            increment("second");
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(III_Result r) {
            Book book = read();
            r.r1 = book.balance().intValueExact();
            r.r2 = times("first", book.keys());
            r.r3 = times("second", book.keys());
        }
    }

    /** The same two increments as updates of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "2, 1, 1", expect = ACCEPTABLE, desc = "both increments are there, each key once")
    @Outcome(id = "1, 0, 1", expect = FORBIDDEN, desc = "the first increment was lost")
    @Outcome(id = "1, 1, 0", expect = FORBIDDEN, desc = "the second increment was lost")
    @Outcome(expect = FORBIDDEN, desc = "balance and history do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final BalanceId balance = stand.account().balance("balance", Unit.of("ONE", 0));
        private final Update first =
                Update.of(stand.key("first")).increment(balance, 1).build();
        private final Update second =
                Update.of(stand.key("second")).increment(balance, 1).build();

        /** Opens the balance. */
        public Actual() {
            Update open = Update.of(stand.key("open"))
                    .open(balance, 0, Limits.nonNegative())
                    .build();
            stand.ledger().apply(open).orThrow();
        }

        /** Adds one. */
        @Actor
        public void first() {
            stand.ledger().apply(first).orThrow();
        }

        /** Adds one. */
        @Actor
        public void second() {
            stand.ledger().apply(second).orThrow();
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(III_Result r) {
            List<String> keys = stand.ledger().history(balance, PageRequest.first(10)).items().stream()
                    .map(BalanceEntry::key)
                    .map(key -> key.value())
                    .toList();
            r.r1 = stand.ledger().read(stand.account()).balance(balance).intValueExact();
            r.r2 = times(stand.key("first"), keys);
            r.r3 = times(stand.key("second"), keys);
        }
    }

    private static int times(String key, List<String> keys) {
        return (int) keys.stream().filter(key::equals).count();
    }
}

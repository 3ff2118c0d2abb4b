package dev.counterfoil.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The peers do the same work: the same load leaves the same books in each. */
class BooksTest {
    private static final int ACCOUNTS = 5;
    private static final long SEED = 20_260_101;

    private final Books ledger = new LedgerBooks(ACCOUNTS);
    private final List<Books> peers =
            List.of(new SynchronizedMapBooks(ACCOUNTS), new ConcurrentMapBooks(ACCOUNTS), new StripedBooks(ACCOUNTS));
    private final List<Books> subjects =
            Stream.concat(Stream.of(ledger), peers.stream()).toList();

    @Test
    void theSameLoadLeavesTheSameBooks() {
        SplittableRandom random = new SplittableRandom(SEED);
        long applied = 0;
        for (int i = 0; i < 2000; i++) {
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            // Some are refused: a third of what there is, from balances that get empty on the way.
            BigDecimal amount = BigDecimal.valueOf(random.nextLong(1, 100_000_000_000L), 2);
            boolean answer = ledger.transfer("key-" + i, from, to, amount);
            for (Books peer : peers) {
                assertThat(peer.transfer("key-" + i, from, to, amount))
                        .as("transfer %d of seed %d, %s", i, SEED, peer.getClass())
                        .isEqualTo(answer);
            }
            applied += answer ? 1 : 0;
        }
        assertThat(applied).isBetween(1L, 1999L);
        for (Books books : subjects) {
            books.audit(applied);
            for (int account = 0; account < ACCOUNTS; account++) {
                assertThat(books.balance(account)).isEqualTo(ledger.balance(account));
                assertThat(books.version(account)).isEqualTo(ledger.version(account));
            }
        }
    }

    @Test
    void aRepeatCountsOnce() {
        for (Books books : subjects) {
            assertThat(books.transfer("once", 0, 1, BigDecimal.TEN)).isTrue();
            assertThat(books.transfer("once", 0, 1, BigDecimal.TEN)).isTrue();
            books.audit(1);
        }
    }

    @Test
    void aRefusalIsKeptUnderItsKey() {
        BigDecimal all = Books.FIRST;
        for (Books books : subjects) {
            assertThat(books.transfer("all", 0, 1, all)).isTrue();
            assertThat(books.transfer("too much", 0, 1, all)).isFalse();
            assertThat(books.transfer("back", 1, 0, all)).isTrue();
            assertThat(books.transfer("too much", 0, 1, all)).isFalse();
            books.audit(2);
        }
    }

    @Test
    void anAuditFindsAMissingTransfer() {
        assertThat(ledger.transfer("one", 0, 1, BigDecimal.TEN)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> ledger.audit(2));
    }
}

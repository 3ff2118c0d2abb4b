package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.OutcomeUnknownException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 15: an empty find is no final no; only apply gives one, behind the locks. What fails at COMMIT is unknown. */
@Timeout(60)
class PostgresCommitRulesTest {
    private static final String LINK_LOST = "08006";

    private final Calls callers = new Calls();
    private PostgresTill books;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new PostgresTill();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        callers.close();
        books.close();
    }

    @Test
    void applyWaitsForACommitThatFindDoesNotSeeYet() throws Exception {
        try (StopAt commit = StopAt.commit();
                JdbcLedger one = books.ledger(commit);
                JdbcLedger two = books.ledger()) {
            Future<Applied> original = callers.call(() -> Till.apply(one, Till.cent("c-1")));
            commit.awaitReached();
            assertThat(two.find("c-1")).isEmpty();
            Future<Applied> again = callers.call(() -> Till.apply(two, Till.cent("c-1")));
            books.awaitWaiting("Lock", 1);
            assertThat(two.find("c-1")).isEmpty();
            assertThat(again.isDone()).isFalse();

            commit.letGo();
            assertThat(Calls.get(original).replayed()).isFalse();
            assertThat(Calls.get(again).replayed()).isTrue();
            assertThat(Calls.get(again).receipt()).isEqualTo(Calls.get(original).receipt());
            assertThat(two.find("c-1")).isPresent();
            assertThat(Till.cash(two, 0)).isEqualByComparingTo("99.99");
        }
        books.assertSound();
    }

    @Test
    void applyDecidesItselfWhereTheCommitNeverCame() throws Exception {
        try (StopAt commit = StopAt.commit();
                JdbcLedger one = books.ledger(commit);
                JdbcLedger two = books.ledger()) {
            Future<Applied> original = callers.call(() -> Till.apply(one, Till.cent("c-1")));
            commit.awaitReached();
            Future<Applied> again = callers.call(() -> Till.apply(two, Till.cent("c-1")));
            books.awaitWaiting("Lock", 1);

            assertThat(books.sql()
                            .rows("SELECT pg_terminate_backend(pid)" + PostgresTill.OTHERS
                                    + " AND state = 'idle in transaction'"))
                    .containsExactly("t");
            assertThat(Calls.get(again).replayed()).isFalse();

            // The first one sends its COMMIT into a dead link, does not know what became of it, and asks.
            commit.letGo();
            assertThat(Calls.get(original).replayed()).isTrue();
            assertThat(Till.cash(two, 0)).isEqualByComparingTo("99.99");
        }
        books.assertSound();
    }

    /** What the rule keeps its users from. */
    @Test
    void whoTakesAnEmptyFindForANoPaysTwice() throws Exception {
        try (StopAt commit = StopAt.commit();
                JdbcLedger one = books.ledger(commit);
                JdbcLedger two = books.ledger()) {
            Future<Applied> original = callers.call(() -> Till.apply(one, Till.cent("c-1")));
            commit.awaitReached();
            assertThat(two.find("c-1")).isEmpty();
            Future<Applied> anew = callers.call(() -> Till.apply(two, Till.cent("c-1-once-more")));
            commit.letGo();
            assertThat(Calls.get(original).replayed()).isFalse();
            assertThat(Calls.get(anew).replayed()).isFalse();
            assertThat(Till.cash(two, 0)).isEqualByComparingTo("99.98");
        }
    }

    /** A link that is lost at the first commits, before they have reached the server or after it has obeyed. */
    private static final class LostCommits extends Between {
        private final boolean obeyed;
        private final AtomicInteger left;

        LostCommits(boolean obeyed, int losses) {
            this.obeyed = obeyed;
            this.left = new AtomicInteger(losses);
        }

        @Override
        void before(String sql) throws SQLException {
            lose(sql, !obeyed);
        }

        @Override
        void after(String sql) throws SQLException {
            lose(sql, obeyed);
        }

        private void lose(String sql, boolean here) throws SQLException {
            if (here && sql.equals("COMMIT") && left.getAndDecrement() > 0) {
                throw new SQLException("the link is lost", LINK_LOST);
            }
        }
    }

    @Test
    void aLostAnswerToCommitIsFoundOutByAskingAgain() throws Exception {
        try (JdbcLedger obeyed = books.ledger(new LostCommits(true, 1));
                JdbcLedger notObeyed = books.ledger(new LostCommits(false, 1))) {
            assertThat(Till.apply(obeyed, Till.cent("c-1")).replayed()).isTrue();
            assertThat(Till.apply(notObeyed, Till.cent("c-2")).replayed()).isFalse();
            assertThat(Till.cash(obeyed, 0)).isEqualByComparingTo("99.98");
        }
        books.assertSound();
    }

    /** Not applied would be a lie in the first case, and nobody can tell it from the second. */
    @Test
    void whatIsLostAtCommitUntilTheEndOfTheCallIsUnknown() throws Exception {
        Duration timeout = Duration.ofMillis(300);
        try (JdbcLedger obeyed = books.ledger(timeout, new LostCommits(true, Integer.MAX_VALUE));
                JdbcLedger notObeyed = books.ledger(timeout, new LostCommits(false, Integer.MAX_VALUE));
                JdbcLedger ledger = books.ledger()) {
            assertThatThrownBy(() -> obeyed.apply(Till.cent("c-1"))).isInstanceOf(OutcomeUnknownException.class);
            assertThatThrownBy(() -> notObeyed.apply(Till.cent("c-2"))).isInstanceOf(OutcomeUnknownException.class);
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
            assertThat(Till.apply(ledger, Till.cent("c-2")).replayed()).isFalse();
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.98");
        }
        books.assertSound();
    }
}

package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.ServerBooks.cell;
import static dev.counterfoil.jdbc.ServerBooks.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stranger has decided a key and does not commit: of a group that meets it, the others wait for a moment, not for him. */
@Timeout(60)
class PostgresHeldKeyTest {
    private static final int GROUP = 256;
    private static final int HELD = 200;

    /** With the patience of a first try for each of the eight halves it takes to find the key, their time would be up. */
    @Test
    void theNeighboursOfAKeyThatIsHeldAreAppliedWellWithinTheirTime() throws Exception {
        try (ServerBooks books = new PostgresBooks().shared()) {
            JdbcLedger ledger = books.ledger(new Stage(), books.pool(4), Duration.ofSeconds(4));
            ledger.apply(Update.of("opening")
                            .open(cell("hot"), "0.00", Limits.none())
                            .open(cell("own"), "0.00", Limits.none())
                            .build())
                    .orThrow();
            List<Update> list = new ArrayList<>();
            for (int i = 0; i < GROUP; i++) {
                list.add(Update.of("k-" + i).add(cell("hot"), "1.00").build());
            }
            Future<List<Outcome>> call;
            try (Connection stranger = books.stranger()) {
                stranger.setAutoCommit(false);
                ledger.in(stranger)
                        .post(Update.of("k-" + HELD).add(cell("own"), "1.00").build());
                call = books.begin(() -> ledger.applyEach(list));
                books.await(() -> books.count(books.table("decision")) == 1 + HELD);
                books.awaitBlocked(1);
                assertThat(call).as("one waits still").isNotDone();
                stranger.rollback();
            }
            assertThat(get(call))
                    .allSatisfy(
                            outcome -> assertThat(outcome.orThrow().replayed()).isFalse());
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the rows of a group share is sent once, or not at all where it is nothing: each row must have its own all the same. */
@Timeout(120)
class SharedColumnsTest {
    private static final JournalId LOG = AccountId.of("shop", "1").journal("log");
    private static final int GROUPS = 60;
    private static final int MOST = 9;

    @Test
    void onPostgreSqlEachRowHasItsOwnValues() throws SQLException {
        PostgresBooks books = new PostgresBooks();
        try {
            assertOwnValues(books.ledger());
        } finally {
            books.close();
        }
    }

    @Test
    void onMariaDbEachRowHasItsOwnValues() throws SQLException {
        MariaDbServer server = MariaDbServer.get();
        try (HikariDataSource pool = server.pool(server.newDatabase(), 2, "");
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            assertOwnValues(ledger);
        }
    }

    private static void assertOwnValues(Ledger ledger) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ledger.apply(Update.of("opening").open(LOG).build()).orThrow();
        for (int group = 0; group < GROUPS; group++) {
            List<@Nullable String> texts = texts(random);
            List<Update> updates = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                updates.add(update(group + "-" + i, texts.get(i)));
            }
            ledger.applyEach(updates).forEach(Outcome::orThrow);
            String name = "seed " + seed + ", group " + group + " of " + texts;
            int of = group;
            assertThat(IntStream.range(0, texts.size()).mapToObj(i -> metadata(ledger, of + "-" + i)))
                    .as(name)
                    .containsExactlyElementsOf(texts);
        }
    }

    /** Runs of the same and of nothing, at the beginning, in the middle and at the end. */
    private static List<@Nullable String> texts(Random random) {
        List<@Nullable String> texts = new ArrayList<>();
        int rows = 1 + random.nextInt(MOST);
        while (texts.size() < rows) {
            String text = random.nextInt(3) == 0 ? null : random.nextBoolean() ? "a" : "";
            int run = 1 + random.nextInt(rows - texts.size());
            IntStream.range(0, run).forEach(i -> texts.add(text));
        }
        return texts;
    }

    private static Update update(String key, @Nullable String text) {
        Update.Builder update = Update.of(key).append(LOG, "sold");
        return text == null ? update.build() : update.metadata(text).build();
    }

    private static @Nullable String metadata(Ledger ledger, String key) {
        return ((Applied) ledger.find(Key.of(key)).orElseThrow()).receipt().metadata();
    }
}

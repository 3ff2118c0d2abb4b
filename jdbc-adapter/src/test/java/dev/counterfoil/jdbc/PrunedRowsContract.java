package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.counterfoil.Applied;
import dev.counterfoil.Key;
import dev.counterfoil.Outcome;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What pruning does to the rows, and whom it keeps waiting: nobody. On every database. */
abstract class PrunedRowsContract extends JoinedFixture {
    private static final Duration LEAST = Duration.ofMillis(800);

    private static final String TOMBSTONE =
            "SELECT id, namespace, scope, %s, fingerprint_version, fingerprint, outcome,"
                    + " reference, reverses_scope, reverses_key, balanced, recorded_at, effective_at FROM counterfoil_decision"
                    + " WHERE namespace = ? ORDER BY id";

    PrunedRowsContract(JoinedBooks books) {
        super(books);
    }

    /** A ledger in the test's namespace that prunes all that was decided so far, when that is old enough. */
    private Callable<Long> pruning(Between between) {
        Instant before = asOf().plusMillis(1);
        while (asOf().isBefore(before.plus(LEAST))) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return () -> {
            try (JdbcLedger pruner = JdbcLedger.builder(between.on(pool))
                    .timeout(LEAST)
                    .namespace("test-" + test())
                    .build()) {
                return pruner.prune(before);
            }
        };
    }

    private Instant asOf() {
        return ledger.read(Till.drawer(0).account()).asOf();
    }

    private static Update tooMuch() {
        return Update.of("too-much")
                .transfer(Till.drawer(0), Till.drawer(1), "1000.00")
                .build();
    }

    private List<String> rows(String sql) throws SQLException {
        try (PlainSql plain = new PlainSql(pool.getConnection())) {
            String key =
                    switch (books()) {
                        case MARIADB -> "`key`";
                        case H2 -> "\"KEY\"";
                        default -> "key";
                    };
            return plain.rows(sql.formatted(key), "test-" + test());
        }
    }

    @Test
    void onlyMetadataAndDetailGo() throws Exception {
        Receipt paid = Till.apply(
                        ledger,
                        Update.of("pay")
                                .transfer(Till.drawer(0), Till.drawer(1), "1.00")
                                .reference("r")
                                .metadata("m")
                                .effectiveAt(Instant.parse("2026-02-28T23:59:59.123456Z"))
                                .build())
                .receipt();
        Till.apply(ledger, Update.reversalOf("back", paid).build());
        ledger.apply(tooMuch());
        List<String> before = rows(TOMBSTONE);
        assertThat(before).hasSize(4);

        assertThat(pruning(new Between() {}).call()).isEqualTo(4);

        assertThat(rows(TOMBSTONE)).isEqualTo(before);
        assertThat(
                        rows(
                                "SELECT %s FROM counterfoil_decision WHERE namespace = ? AND metadata IS NULL AND detail IS NULL"))
                .hasSize(4);
    }

    @Test
    void aPrunedKeyIsReplayedInsideATransactionOfTheCallers() throws Exception {
        Receipt paid = Till.apply(ledger, Till.cent("c-1")).receipt();
        ledger.apply(tooMuch());
        pruning(new Between() {}).call();

        Connection connection = begin();
        JoinedLedger joined = ledger.in(connection);
        Applied again = joined.post(Till.cent("c-1"));
        Outcome no = joined.tryPost(tooMuch());
        joined.post(Update.reversalOf("back", paid).build());
        connection.commit();

        assertThat(again.replayed()).isTrue();
        assertThat(again.receipt().pruned()).isTrue();
        assertThat(no).isInstanceOf(Rejected.Pruned.class);
        assertThat(Till.cash(ledger, 0)).isEqualTo("100.00");
    }

    /** Also on tables of billions of rows, and beside other namespaces. */
    @Test
    void theKeysAreFoundInTheOrderOfTheirIndex() throws Exception {
        List<Update> many = IntStream.range(0, 300)
                .mapToObj(i -> Update.of(Key.of("s" + i % 3, "k" + i))
                        .add(Till.drawer(i % 10), "0.01")
                        .build())
                .toList();
        ledger.applyEach(many);
        Set<String> texts = new LinkedHashSet<>();
        pruning(new Between() {
                    @Override
                    void before(String sql) {
                        if (sql.contains("AS whole")) {
                            texts.add(sql);
                        }
                    }
                })
                .call();

        assertThat(texts).hasSize(2);
        for (String text : texts) {
            assertThat(plan(text)).as(text).satisfies(this::isAWalkThroughTheIndex);
        }
    }

    private String plan(String text) throws SQLException {
        try (PlainSql plain = new PlainSql(pool.getConnection())) {
            if (books() == JoinedBooks.POSTGRESQL) {
                plain.run("SET enable_seqscan = off", "SET enable_bitmapscan = off");
            }
            String explain = (books() == JoinedBooks.SQLITE ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + text;
            String namespace = "test-" + test();
            return String.join(
                    "\n",
                    text.contains("scope = ?")
                            ? plain.rows(explain, namespace, "s1", "k1", 10)
                            : plain.rows(explain, namespace, "s1", 10));
        }
    }

    private void isAWalkThroughTheIndex(String plan) {
        switch (books()) {
            case SQLITE ->
                assertThat(plan)
                        .contains(
                                "SEARCH counterfoil_decision USING INDEX counterfoil_decision_key (namespace=? AND scope")
                        .doesNotContain("B-TREE");
            case POSTGRESQL ->
                assertThat(plan)
                        .contains("Index Scan using counterfoil_decision_key")
                        .doesNotContain("Sort", "Filter");
            // The columns: id, select_type, table, type, possible_keys, key, …, Extra.
            case MARIADB ->
                assertThat(plan)
                        .matches("1\\|SIMPLE\\|counterfoil_decision\\|range\\|[^|]*\\|counterfoil_decision_key\\|.*")
                        .doesNotContain("filesort");
            case H2 -> assertThat(plan).contains("COUNTERFOIL_DECISION_KEY: ").contains("index sorted");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Calls.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Both transactions are open at the same time: the caller's with a decision of its own, and the one that prunes. */
    @Test
    void itWaitsForNoCallerAndNoCallerForIt() throws Exception {
        assumeThat(books()).as("SQLite has one writer at a time").isNotEqualTo(JoinedBooks.SQLITE);
        Till.apply(ledger, Till.cent("c-1"));
        CountDownLatch pruned = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        Callable<Long> pruning = pruning(new Between() {
            private boolean updated;

            @Override
            void before(String sql) {
                if (sql.equals("COMMIT") && updated) {
                    pruned.countDown();
                    await(commit);
                }
                updated |= sql.contains("detail = NULL");
            }
        });
        Connection connection = begin();
        Update joined = Update.of("c-2")
                .transfer(Till.drawer(5), Till.drawer(6), "1.00")
                .build();
        ledger.in(connection).post(joined);
        try (Calls calls = new Calls()) {
            Future<Long> count = calls.call(pruning);
            await(pruned);
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
            assertThat(Till.apply(
                                    ledger,
                                    Update.of("other")
                                            .transfer(Till.drawer(3), Till.drawer(4), "1.00")
                                            .build())
                            .replayed())
                    .isFalse();
            commit.countDown();
            assertThat(Calls.get(count)).isEqualTo(2);
        }
        connection.commit();
        assertThat(Till.apply(ledger, joined).receipt().pruned()).isFalse();
    }
}

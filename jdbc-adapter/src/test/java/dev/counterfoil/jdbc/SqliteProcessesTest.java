package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.JournalId;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one file: ours, which take turns, and strangers, who know nothing of turns. */
@Timeout(120)
class SqliteProcessesTest {
    private static final long LARGE_LOG = 64L * 1024 * 1024;

    @TempDir
    Path directory;

    private Path file;
    private String url;

    @BeforeEach
    void openTill() {
        file = directory.resolve("books.db");
        url = "jdbc:sqlite:" + file;
        try (JdbcLedger ledger = JdbcLedger.open(url)) {
            Till.apply(ledger, Till.opening());
        }
    }

    @Test
    void threeWritersShareTheCommitsEvenly() throws SQLException {
        List<ChildJvm> children = ChildJvm.start(3);
        List<Long> commits = new ArrayList<>();
        try {
            children.forEach(child -> child.tell("open " + url).expect("opened"));
            // Once to warm up, once for the count.
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < children.size(); i++) {
                    children.get(i).tell("for " + (round == 0 ? 500 : 3000) + " r" + round + "-p" + i);
                }
                commits.clear();
                children.forEach(child -> commits.add(Long.parseLong(child.expect("done"))));
            }
        } finally {
            children.forEach(ChildJvm::close);
        }
        System.out.println("SqliteProcessesTest shares " + commits);
        long total = commits.stream().mapToLong(Long::longValue).sum();
        assertThat(commits).allSatisfy(share -> assertThat(share).isGreaterThan(total / 4));
        Till.assertSound(file);
    }

    @Test
    void aCallWaitsForAStrangerWhoHoldsTheWriteLock() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (ChildJvm stranger = ChildJvm.start(1).get(0);
                JdbcLedger ledger = JdbcLedger.open(url)) {
            stranger.tell("hold " + url).expect("held");
            CompletableFuture<Outcome> waiting = ledger.applyAsync(Till.cent("c-1"), executor);
            assertThat(waiting.completeOnTimeout(null, 400, TimeUnit.MILLISECONDS)
                            .isDone())
                    .isFalse();
            // Readers wait for nobody.
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("100.00");
            stranger.tell("let-go").expect("free");
            assertThat(waiting.get(5, TimeUnit.SECONDS)).isNotNull();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aStrangerWhoNeverLetsGoEndsTheCallInTimeAndNothingWasApplied() {
        try (ChildJvm stranger = ChildJvm.start(1).get(0);
                JdbcLedger ledger =
                        JdbcLedger.builder(url).timeout(Duration.ofMillis(500)).build()) {
            stranger.tell("hold " + url).expect("held");
            long start = System.nanoTime();
            assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(400), Duration.ofMillis(2500));
            assertThat(ledger.find("c-1")).isEmpty();
            // A stranger who dies lets go.
            stranger.kill();
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        }
    }

    @Test
    void aLogThatALongReaderMadeLargeIsCutBackWhenHeHasEnded() throws SQLException, IOException {
        Path log = file.resolveSibling("books.db-wal");
        JournalId journal = AccountId.of("box", "1").journal("records");
        String record = "x".repeat(64 * 1024);
        try (PlainSql reader = new PlainSql(file);
                JdbcLedger ledger = JdbcLedger.open(url)) {
            Till.apply(ledger, Update.of("open").open(journal).build());
            reader.run("BEGIN");
            assertThat(reader.count("SELECT count(*) FROM counterfoil_decision"))
                    .isEqualTo(2);
            int n = 0;
            while (Files.size(log) <= LARGE_LOG) {
                Update.Builder update = Update.of("fill-" + n++);
                for (int i = 0; i < 20; i++) {
                    update.append(journal, record);
                }
                Till.apply(ledger, update.build());
            }
            // As long as he reads nothing can be cut, and nobody waits for him.
            commit(ledger, "while", 70);
            assertThat(Files.size(log)).isGreaterThan(LARGE_LOG);
            assertThat(reader.count("SELECT count(*) FROM counterfoil_decision"))
                    .isEqualTo(2);
            reader.run("COMMIT");
            commit(ledger, "after", 70);
            assertThat(Files.size(log)).isLessThan(LARGE_LOG / 8);
        }
        Till.assertSound(file);
    }

    private static void commit(JdbcLedger ledger, String name, int times) {
        for (int i = 0; i < times; i++) {
            Till.apply(ledger, Till.cent(name + "-" + i));
        }
    }
}

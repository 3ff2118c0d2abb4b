package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server or the client dies at a certain step of one commit. */
@Timeout(120)
class PostgresLostCommitTest {
    private static KillablePostgres postgres;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final List<HikariDataSource> pools = new ArrayList<>();
    private String database;

    @BeforeAll
    static void start() {
        postgres = new KillablePostgres();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void openTill() {
        database = postgres.server().newDatabase();
        try (JdbcLedger ledger = open(new Between() {}, true)) {
            Till.apply(ledger, Till.opening());
        }
    }

    @AfterEach
    void end() {
        executor.shutdownNow();
        pools.forEach(HikariDataSource::close);
    }

    private JdbcLedger open(Between between, boolean shared) {
        HikariDataSource pool = postgres.server().pool(database, 2);
        pools.add(pool);
        return JdbcLedger.builder(between.on(pool))
                .createSchema()
                .timeout(Duration.ofSeconds(60))
                .groupCommit(shared)
                .build();
    }

    /** Does something before a text is sent, once. */
    private abstract static class Once extends Between {
        private final String at;
        private boolean done;

        Once(String at) {
            this.at = at;
        }

        abstract void run() throws SQLException;

        @Override
        void before(String sql) throws SQLException {
            if (!done && sql.equals(at)) {
                done = true;
                run();
            }
        }
    }

    @ParameterizedTest(name = "commits shared: {0}")
    @ValueSource(booleans = {true, false})
    void aCommitThatDidNotReachTheServerBeforeItsDeathIsSentAgainByTheLedger(boolean shared) throws SQLException {
        Between death = new Once("COMMIT") {
            @Override
            void run() {
                postgres.kill();
                postgres.restart();
            }
        };
        try (JdbcLedger ledger = open(death, shared)) {
            Applied applied = Till.apply(ledger, Till.cent("c-1"));
            assertThat(applied.replayed()).isFalse();
            assertCents(1);
        }
    }

    @ParameterizedTest(name = "commits shared: {0}")
    @ValueSource(booleans = {true, false})
    void aCommitWhoseAnswerTheServerDidNotLiveToGiveIsFoundAndNotDoneAgain(boolean shared) throws Exception {
        Between hold = new Once("COMMIT") {
            @Override
            void run() throws SQLException {
                postgres.holdCommits();
            }
        };
        try (JdbcLedger ledger = open(hold, shared)) {
            CompletableFuture<Outcome> call = ledger.applyAsync(Till.cent("c-1"), executor);
            postgres.awaitHeldCommits(database, 1);
            boolean answered = call.isDone();
            postgres.kill();
            postgres.restart();
            assertThat(answered).isFalse();
            Applied applied = call.get(60, TimeUnit.SECONDS).orThrow();
            assertThat(applied.replayed()).isTrue();
            assertCents(1);
        }
    }

    @ParameterizedTest(name = "commits shared: {0}")
    @ValueSource(booleans = {true, false})
    void aDeadClientsCommitThatIsStillOnItsWayIsWaitedForByWhoSendsTheKeyAgain(boolean shared) throws Exception {
        try (ChildJvm child = ChildJvm.start(1).get(0);
                JdbcLedger ledger = open(new Between() {}, shared)) {
            child.open(postgres.server().url(database), shared).expect("opened");
            child.tell("write 1 z");
            int acknowledged = 0;
            assertThat(child.line()).startsWith("z-" + acknowledged++);
            postgres.holdCommits();
            postgres.awaitHeldCommits(database, 1);
            acknowledged += child.kill().size();
            String key = "z-" + acknowledged;
            // Nothing there, and yet that is no final no.
            assertThat(ledger.find(key)).isEmpty();
            CompletableFuture<Outcome> again = ledger.applyAsync(Till.transfer(key), executor);
            postgres.awaitLockWait(database);
            assertThat(again).isNotDone();
            postgres.letCommitsGo();
            assertThat(again.get(60, TimeUnit.SECONDS).toString()).contains("replayed=true");
            try (PlainSql sql = postgres.server().sql(database)) {
                Till.assertSound(sql);
                assertThat(sql.count("SELECT count(*) FROM counterfoil_decision"))
                        .isEqualTo(acknowledged + 2L);
            }
        }
    }

    @ParameterizedTest(name = "commits shared: {0}")
    @ValueSource(booleans = {true, false})
    void aCommitThatTheServerDoesNotAnswerEndsAsUnknownWhereTheDriverHasATimeout(boolean shared) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.server().url(database) + "&socketTimeout=1");
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcLedger ledger = JdbcLedger.builder(pool)
                        .timeout(Duration.ofMillis(1500))
                        .groupCommit(shared)
                        .build()) {
            postgres.holdCommits();
            try {
                assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(OutcomeUnknownException.class);
            } finally {
                postgres.letCommitsGo();
            }
        }
        try (JdbcLedger ledger = open(new Between() {}, shared)) {
            assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
            assertCents(1);
        }
    }

    private void assertCents(int count) throws SQLException {
        try (PlainSql sql = postgres.server().sql(database)) {
            Till.assertSound(sql);
            assertThat(sql.count("SELECT count(*) FROM counterfoil_decision WHERE outcome = 'APPLIED'"))
                    .isEqualTo(count + 1L);
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.RefusedException;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.MariaDbDialect;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.retry.Classifier;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions of a caller's own, done again where that is safe and nowhere else. */
@Timeout(240)
class SqlFailuresTest {
    private static final SqlFailures FAILURES = SqlFailures.of(new PostgresDialect());

    private final Calls calls = new Calls();
    private PostgresTill books;
    private DataSource pool;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new PostgresTill();
        pool = books.pool(4);
        books.sql()
                .run(
                        "CREATE TABLE purse (owner text PRIMARY KEY, amount integer NOT NULL)",
                        "INSERT INTO purse VALUES ('ann', 100), ('bob', 100)");
    }

    @AfterEach
    void closeBooks() throws SQLException {
        calls.close();
        books.close();
    }

    private static Retry retry(Classifier classifier) {
        return Retry.named("booking", RetryPolicy.contention().withClassifier(classifier));
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void take(Connection connection, String owner) throws SQLException {
        run(connection, "UPDATE purse SET amount = amount - 1 WHERE owner = '" + owner + "'");
    }

    private String purses() throws SQLException {
        return books.sql().one("SELECT string_agg(amount::text, ' ' ORDER BY owner) FROM purse");
    }

    @Test
    void theVictimOfADeadlockDoesItsWholeTransactionAgain() throws Exception {
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        AtomicInteger runs = new AtomicInteger();
        Future<Integer> one = calls.call(() -> crossing("ann", "bob", bothHoldOne, runs));
        Future<Integer> two = calls.call(() -> crossing("bob", "ann", bothHoldOne, runs));

        assertThat(Calls.get(one) + Calls.get(two)).isEqualTo(3);
        assertThat(runs).hasValue(3);
        assertThat(purses()).isEqualTo("98 98");
    }

    private int crossing(String first, String second, CyclicBarrier bothHoldOne, AtomicInteger runs) throws Exception {
        int[] attempts = new int[1];
        return retry(FAILURES)
                .execute(() -> FAILURES.inTransaction(pool, connection -> {
                    attempts[0]++;
                    take(connection, first);
                    if (runs.incrementAndGet() <= 2) {
                        bothHoldOne.await(30, TimeUnit.SECONDS);
                    }
                    take(connection, second);
                    return attempts[0];
                }));
    }

    @Test
    void aSessionThatIsKilledInTheBodyIsNoReasonToGiveUp() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        retry(FAILURES)
                .execute(() -> FAILURES.inTransaction(pool, connection -> {
                    take(connection, "ann");
                    if (runs.incrementAndGet() == 1) {
                        books.sql().run("SELECT pg_terminate_backend(pid, 60000)" + PostgresTill.OTHERS);
                    }
                    take(connection, "bob");
                    return "done";
                }));
        assertThat(runs).hasValue(2);
        assertThat(purses()).isEqualTo("99 99");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, CUT_BEFORE_COMMIT, 100",
        "postgres, CUT_AFTER_COMMIT, 99",
        "mariadb, CUT_BEFORE_COMMIT, 100",
        "mariadb, CUT_AFTER_COMMIT, 99"
    })
    void aLinkThatIsLostAtCommitIsNotTriedAgainForNobodyKnows(String database, Fault fault, int cash)
            throws SQLException {
        boolean postgres = database.equals("postgres");
        LinkedServer server = postgres ? new PostgresLink() : new MariaDbLink();
        SqlFailures failures = postgres ? FAILURES : SqlFailures.of(new MariaDbDialect());
        try (FlakyLink link = server.link();
                PlainSql beside = new PlainSql(server.url("127.0.0.1", server.port()))) {
            beside.run(
                    "DROP TABLE IF EXISTS drawer", "CREATE TABLE drawer (cash int)", "INSERT INTO drawer VALUES (100)");
            HikariDataSource through = FailuresContract.pool(server.url(link.host(), link.port()));
            AtomicInteger runs = new AtomicInteger();
            Retry paying = retry(failures);
            link.faults(Faults.script(fault));
            Throwable lost = catchThrowable(() -> paying.execute(() -> failures.inTransaction(through, connection -> {
                run(connection, "UPDATE drawer SET cash = cash - 1");
                return runs.incrementAndGet();
            })));

            assertThat(runs).hasValue(1);
            assertThat(lost).isInstanceOf(SQLException.class);
            assertThat(failures.classify(lost)).isEqualTo(Verdict.AMBIGUOUS);
            assertThat(failures.retryingAmbiguous().classify(lost)).isEqualTo(Verdict.RETRY);
            assertThat(beside.count("SELECT cash FROM drawer")).isEqualTo(cash);
            through.close();
        }
    }

    /** What the phase is for: the code of a lost link is the same before COMMIT and behind it. */
    @Test
    void whoJudgesALostCommitByItsCodeAlonePaysTwice() throws SQLException {
        PostgresDialect dialect = new PostgresDialect();
        Classifier byCode = failure -> failure instanceof SQLException sql
                        && dialect.trouble(sql, Phase.BODY, "counterfoil_") == Trouble.TRANSIENT
                ? Verdict.RETRY
                : Verdict.FAIL;
        PostgresLink server = new PostgresLink();
        try (FlakyLink link = server.link();
                HikariDataSource through = FailuresContract.pool(server.url(link.host(), link.port()));
                PlainSql beside = new PlainSql(server.url("127.0.0.1", server.port()))) {
            beside.run(
                    "DROP TABLE IF EXISTS drawer", "CREATE TABLE drawer (cash int)", "INSERT INTO drawer VALUES (100)");
            link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
            retry(byCode)
                    .execute(() -> FAILURES.inTransaction(through, connection -> {
                        run(connection, "UPDATE drawer SET cash = cash - 1");
                        return "paid";
                    }));
            assertThat(beside.count("SELECT cash FROM drawer")).isEqualTo(98);
        }
    }

    /** A code by itself does not say whether COMMIT had been sent, so what is safe at COMMIT only is done again. */
    @ParameterizedTest
    @CsvSource({
        "40001, RETRY",
        "40P01, RETRY",
        "55P03, RETRY",
        "08006, AMBIGUOUS",
        "57P01, AMBIGUOUS",
        "23505, FAIL",
        "42601, FAIL"
    })
    void aFailureFromElsewhereIsJudgedAsIfItMayHaveHappenedAtCommit(String state, Verdict.Plain verdict) {
        SQLException bare = new SQLException("", state);
        assertThat(FAILURES.classify(bare)).isEqualTo(verdict);
        assertThat(FAILURES.classify(new IllegalStateException("of a framework", new RuntimeException(bare))))
                .isEqualTo(verdict);
    }

    @Test
    void whatHasNothingToDoWithADatabaseIsNotTriedAgain() {
        assertThat(FAILURES.classify(new IllegalStateException())).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aRuleOfTheCallersOwnIsAskedFirst() {
        Classifier own = FAILURES.when(
                failure -> failure instanceof SQLException sql && "P0001".equals(sql.getSQLState()), Verdict.RETRY);
        assertThat(FAILURES.classify(new SQLException("", "P0001"))).isEqualTo(Verdict.FAIL);
        assertThat(own.classify(new SQLException("", "P0001"))).isEqualTo(Verdict.RETRY);
        assertThat(own.classify(new SQLException("", "08006"))).isEqualTo(Verdict.AMBIGUOUS);
    }

    @Test
    void aStepOfALedgerInTheTransactionIsJudgedByTheLedger() throws Exception {
        try (JdbcLedger ledger = books.ledger()) {
            AtomicInteger runs = new AtomicInteger();
            retry(FAILURES)
                    .execute(() -> FAILURES.inTransaction(pool, connection -> {
                        take(connection, "ann");
                        if (runs.incrementAndGet() == 1) {
                            books.sql().run("SELECT pg_terminate_backend(pid, 60000)" + PostgresTill.OTHERS);
                        }
                        return ledger.in(connection).post(Till.cent("c"));
                    }));
            assertThat(runs).hasValue(2);
            assertThat(purses()).isEqualTo("99 100");
            assertThat(Till.cash(ledger, 0)).isEqualTo("99.99");

            assertThatThrownBy(() -> retry(FAILURES)
                            .execute(() -> FAILURES.inTransaction(pool, connection -> {
                                take(connection, "ann");
                                return ledger.in(connection)
                                        .post(Update.of("too much")
                                                .take(Till.drawer(0), "1000.00")
                                                .build());
                            })))
                    .isInstanceOf(RefusedException.class);
            assertThat(purses()).isEqualTo("99 100");
        }
    }

    @Test
    void theDialectOfAnotherDatabaseIsRefusedBeforeTheWorkRuns() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> SqlFailures.of(new MariaDbDialect()).inTransaction(pool, c -> runs.incrementAndGet()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("is for MariaDB", "is PostgreSQL");
        assertThat(runs).hasValue(0);
    }

    @Test
    void aTransactionThatFailsLeavesNothingAndItsConnectionAsItCame() throws SQLException {
        try (Connection connection = books.connect()) {
            DataSource one = Single.of(connection);
            IllegalStateException thrown = new IllegalStateException("of the work");
            assertThatThrownBy(() -> FAILURES.inTransaction(one, c -> {
                        take(c, "ann");
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(purses()).isEqualTo("100 100");
        }
    }
}

package dev.counterfoil.benchmarks.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.SqlFailures;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.retry.Classifier;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryBudget;
import dev.counterfoil.retry.RetryExhaustedException;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.RetryRuntime;
import dev.counterfoil.retry.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/retry.md}: what stands between the marks is what stands there. */
class RecipesTest {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Client client = new Client();
    private final String order = "order-42";

    @AfterEach
    void shutDown() {
        scheduler.shutdownNow();
    }

    @Test
    void first() throws IOException {
        // begin: first
        Retry transfer = Retry.named("transfer", RetryPolicy.defaults().withDeadline(Duration.ofSeconds(2)));

        String receipt = transfer.execute(() -> client.send(order)); // throws the IOException that send declares
        // end
        assertThat(receipt).isEqualTo("receipt of order-42");
    }

    @Test
    void named() {
        // begin: named
        RetryPolicy policy = RetryPolicy.defaults()
                .withClassifier(Classifier.defaults()
                        .when(ConnectException.class, Verdict.RETRY) // nothing was sent
                        .when(
                                Busy.class,
                                busy -> Verdict.retryAfter(busy.retryAfter())) // at most 60 s, see withHintCap
                        .when(ConnectionLost.class, Verdict.AMBIGUOUS)); // it may have arrived
        // end
        assertThat(policy.classifier().classify(new ConnectionLost())).isEqualTo(Verdict.AMBIGUOUS);
        assertThat(policy.classifier().classify(new Busy())).isEqualTo(Verdict.retryAfter(Duration.ofSeconds(3)));
    }

    @Test
    void reading() {
        // begin: reading
        Retry reading = Retry.named("read balance", RetryPolicy.retryAllExcept());
        // end
        assertThat(reading.execute(() -> "12.00")).isEqualTo("12.00");
    }

    @Test
    void contention() {
        // begin: contention
        RetryPolicy deadlocks = RetryPolicy.contention()
                .withClassifier(Classifier.never()
                        .when(
                                failure -> failure instanceof SQLException sql && "40001".equals(sql.getSQLState()),
                                Verdict.RETRY));
        // end
        assertThat(deadlocks.classifier().classify(new SQLException("", "40001")))
                .isEqualTo(Verdict.RETRY);
        assertThat(deadlocks.classifier().classify(new SQLException("", "08006")))
                .isEqualTo(Verdict.FAIL);
    }

    @Test
    void sql() {
        // begin: sql
        SqlFailures failures = SqlFailures.of(new PostgresDialect());
        Retry booking = Retry.named("booking", RetryPolicy.contention().withClassifier(failures));
        // end
        assertThat(booking.policy().classifier().classify(new SQLException("", "40001")))
                .isEqualTo(Verdict.RETRY);
        assertThat(booking.policy().classifier().classify(new SQLException("", "08006")))
                .isEqualTo(Verdict.AMBIGUOUS);
        // begin: codes
        Classifier withOurCode = failures.when(
                failure -> failure instanceof SQLException sql && "BK001".equals(sql.getSQLState()), Verdict.RETRY);
        // end
        assertThat(withOurCode.classify(new SQLException("", "BK001"))).isEqualTo(Verdict.RETRY);
        assertThat(failures.classify(new SQLException("", "BK001"))).isEqualTo(Verdict.FAIL);
    }

    static String compiled(Retry booking, SqlFailures failures, DataSource dataSource, String order)
            throws SQLException {
        // begin: transaction
        String seat = booking.execute(() -> failures.inTransaction(dataSource, connection -> book(connection, order)));
        // end
        return seat;
    }

    static String lost(Retry booking, SqlFailures failures, DataSource dataSource, String order) throws SQLException {
        // begin: lost
        String seat;
        try {
            seat = booking.execute(() -> failures.inTransaction(dataSource, connection -> book(connection, order)));
        } catch (SQLException e) { // as the driver threw it
            if (failures.classify(e) == Verdict.AMBIGUOUS) {
                throw new IllegalStateException("look whether it is booked before anybody books again: " + order, e);
            }
            throw e;
        }
        // end
        return seat;
    }

    static Applied joined(
            JdbcLedger ledger,
            SqlFailures failures,
            DataSource dataSource,
            BalanceId purse,
            BalanceId till,
            String order)
            throws SQLException {
        // begin: joined
        Update payment = Update.of("pay-" + order) // the key, made once, outside of all attempts
                .transfer(purse, till, "30.00")
                .build();
        Retry paying = Retry.named("paying", RetryPolicy.contention().withClassifier(failures.retryingAmbiguous()));
        Applied paid = paying.execute(() -> failures.inTransaction(dataSource, connection -> {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED); // first; leave it out on SQLite
            Applied done = ledger.in(connection).post(payment); // a "no" is a RefusedException, which is not retried
            if (!done.replayed()) { // rows of your own, an outbox say: once, as the payment
                book(connection, order);
            }
            return done;
        }));
        // end
        return paid;
    }

    private static String book(Connection connection, String order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO seat (booking) VALUES (?)")) {
            insert.setString(1, order);
            insert.executeUpdate();
            return order;
        }
    }

    @Test
    void budget() {
        // begin: budget
        RetryBudget bank = RetryBudget.of(20, 10); // 20 retries in a row, then one for every 10 successes
        Retry transfer = Retry.named("transfer", RetryPolicy.defaults().withBudget(bank));
        Retry refund = Retry.named("refund", RetryPolicy.defaults().withBudget(bank));
        // end
        assertThat(transfer.policy().budget()).isEqualTo(refund.policy().budget());
    }

    @Test
    void context() throws SQLException {
        Retry report = Retry.named("report", RetryPolicy.defaults().withDeadline(Duration.ofSeconds(2)));
        Statement statement = new Statement();
        // begin: context
        int rows = report.execute(context -> {
            statement.setQueryTimeout(context.remaining().orElseThrow());
            return statement.executeUpdate();
        });
        // end
        assertThat(rows).isEqualTo(1);
        assertThat(statement.timeout).isBetween(Duration.ofMillis(1), Duration.ofSeconds(2));
    }

    @Test
    void async() throws Exception {
        Retry transfer = Retry.named("transfer", RetryPolicy.defaults());
        // begin: async
        CompletableFuture<String> receipt = transfer.executeAsync(scheduler, context -> client.sendAsync(order));
        // end
        assertThat(receipt.get(10, TimeUnit.SECONDS)).isEqualTo("receipt of order-42");
    }

    @Test
    void tests() {
        // begin: tests
        List<Long> waits = new ArrayList<>();
        RetryRuntime runtime = RetryRuntime.system().withSleeper(waits::add); // nobody waits
        Retry transfer = Retry.named("transfer", RetryPolicy.defaults(), runtime);

        assertThatExceptionOfType(RetryExhaustedException.class)
                .isThrownBy(() -> transfer.run(() -> {
                    throw new ConnectException();
                }))
                .satisfies(exhausted -> assertThat(exhausted.attempts()).isEqualTo(3));
        assertThat(waits).hasSize(2);
        // end
    }

    @Test
    void key() throws IOException {
        Retry transfer = Retry.named(
                "transfer", RetryPolicy.defaults(), RetryRuntime.system().withSleeper(nanos -> {}));
        client.failures = 2;
        // begin: key
        String key = UUID.randomUUID().toString(); // once, before the first attempt, and kept with the order
        String receipt = transfer.execute(() -> client.send(key, order));
        // end
        assertThat(receipt).isEqualTo("receipt of order-42");
        assertThat(client.keys).hasSize(3).containsOnly(key);
    }

    @Test
    void ambiguous() {
        Retry transfer = Retry.named(
                "transfer", RetryPolicy.defaults(), RetryRuntime.system().withSleeper(nanos -> {}));
        assertThatThrownBy(() -> transfer.execute(() -> {
                    throw new ConnectionLost();
                }))
                .isInstanceOf(RetryExhaustedException.class);
        // begin: ambiguous
        RetryPolicy whoeverSendsAKey = RetryPolicy.defaults()
                .withClassifier(Classifier.defaults()
                        .when(ConnectionLost.class, Verdict.AMBIGUOUS)
                        .retryingAmbiguous());
        // end
        assertThat(whoeverSendsAKey.classifier().classify(new ConnectionLost())).isEqualTo(Verdict.RETRY);
    }

    private static final class Client {
        private final List<String> keys = new ArrayList<>();
        private int failures;

        String send(String order) throws IOException {
            return send("none", order);
        }

        String send(String key, String order) throws IOException {
            keys.add(key);
            if (failures-- > 0) {
                throw new IOException("not now");
            }
            return "receipt of " + order;
        }

        CompletionStage<String> sendAsync(String order) {
            return CompletableFuture.completedFuture("receipt of " + order);
        }
    }

    private static final class Statement {
        private Duration timeout = Duration.ZERO;

        void setQueryTimeout(Duration newTimeout) throws SQLException {
            timeout = newTimeout;
        }

        int executeUpdate() throws SQLException {
            return 1;
        }
    }

    private static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;

        Duration retryAfter() {
            return Duration.ofSeconds(3);
        }
    }

    private static final class ConnectionLost extends IOException {
        private static final long serialVersionUID = 1L;
    }
}

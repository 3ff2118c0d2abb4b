package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.BatchException;
import dev.counterfoil.Decision;
import dev.counterfoil.Fate;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One fault of the link at a time: what the caller learns is true, and the money moves once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class CutLinkContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private LinkedTill till;

    abstract LinkedServer server();

    /** Whether callers share commits. */
    boolean sharedCommits() {
        return true;
    }

    @BeforeEach
    void open() throws SQLException {
        till = new LinkedTill(server()).share(sharedCommits());
    }

    @AfterEach
    void close() throws Exception {
        till.close();
        threads.shutdownNow();
    }

    static Stream<Arguments> lostAnswers() {
        return Stream.of(
                Arguments.of(Fault.CUT_BEFORE_COMMIT, false, 1),
                Arguments.of(Fault.CUT_BEFORE_COMMIT, false, 4),
                Arguments.of(Fault.CUT_AFTER_COMMIT, true, 1),
                Arguments.of(Fault.CUT_AFTER_COMMIT, true, 4),
                Arguments.of(Fault.HALF_CLOSE, true, 1));
    }

    @ParameterizedTest
    @MethodSource("lostAnswers")
    void aLostAnswerIsFoundOutByAskingAgain(Fault fault, boolean tookEffect, int poolSize) {
        JdbcLedger ledger = till.ledger(poolSize, LONG);
        till.link().faults(Faults.script(fault));
        Applied told = Till.apply(ledger, Till.cent("c-1"));
        assertThat(told.replayed()).isEqualTo(tookEffect);
        assertThat(ledger.find("c-1")).contains(new Applied(told.receipt(), true));
        assertThat(ledger.apply(Till.cent("c-1"))).isEqualTo(new Applied(told.receipt(), true));
        assertThat(till.link().count(fault)).isEqualTo(1);
        till.assertMoved("c-1", true);
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_COMMIT", "CUT_AFTER_COMMIT"})
    void aRefusalWhoseAnswerIsLostStaysTheSameRefusal(Fault fault) {
        JdbcLedger ledger = till.ledger(2, LONG);
        till.link().faults(Faults.script(fault));
        Update tooMuch = Update.of("t-1")
                .transfer(Till.drawer(0), Till.drawer(1), "1000.00")
                .build();
        Outcome told = ledger.apply(tooMuch);
        assertThat(told).isInstanceOf(Rejected.OutOfBounds.class);
        assertThat(((Decision) told).replayed()).isEqualTo(fault == Fault.CUT_AFTER_COMMIT);
        assertThat(till.link().count(fault)).isEqualTo(1);
        assertThat(till.audit()).isEmpty();
        assertThat(till.ledgerBeside().find("t-1"))
                .hasValueSatisfying(found -> assertThat(found.recordedAt()).isEqualTo(((Decision) told).recordedAt()));
    }

    @Test
    void aDecideWhoseAnswerIsLostDoesNotDecideAgain() {
        JdbcLedger ledger = till.ledger(2, LONG);
        // The first COMMIT ends the reading.
        till.link().faults(Faults.script(Fault.PASS, Fault.CUT_AFTER_COMMIT));
        Outcome told = ledger.decide(
                "c-1",
                "a cent",
                List.of(Till.drawer(0), Till.drawer(1)),
                view -> view.update()
                        .transfer(Till.drawer(0), Till.drawer(1), "0.01")
                        .build());
        assertThat(told.orThrow().replayed()).isTrue();
        assertThat(till.link().count(Fault.CUT_AFTER_COMMIT)).isEqualTo(1);
        till.assertMoved("c-1", true);
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_COMMIT", "CUT_AFTER_COMMIT"})
    void aGroupWhoseAnswerIsLostIsFoundOutAsAWhole(Fault fault) {
        JdbcLedger ledger = till.ledger(1, LONG);
        till.link().faults(Faults.script(fault));
        List<Outcome> told = ledger.applyEach(cents());
        assertThat(told).allMatch(outcome -> outcome.orThrow().replayed() == (fault == Fault.CUT_AFTER_COMMIT));
        cents().forEach(update -> till.assertMoved(update.key().value(), true));
    }

    private static List<Update> cents() {
        return IntStream.range(0, 5).mapToObj(i -> Till.cent("c-" + i)).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aCommitThatLandsWhileItsUpdateIsSentAgainCountsOnce(int poolSize) throws Exception {
        JdbcLedger ledger = till.ledger(poolSize, LONG);
        till.link().faults(Faults.script(Fault.HOLD_COMMIT));
        Future<Applied> call = threads.submit(() -> Till.apply(ledger, Till.cent("c-1")));
        till.awaitHeld();
        // It was sent again, and waits behind the locks of the transaction whose COMMIT is on its way.
        till.awaitLockWait();
        assertThat(till.ledgerBeside().find("c-1")).isEmpty();
        assertThat(till.link().deliver()).isEqualTo(1);
        assertThat(call.get().replayed()).isTrue();
        till.assertMoved("c-1", true);
    }

    @Test
    void aCommitThatLandsAfterTheCallIsUnknownUntilThenAndCountsOnce() {
        JdbcLedger ledger = till.ledger(1, SHORT);
        till.link().faults(Faults.script(Fault.HOLD_COMMIT));
        assertThatThrownBy(() -> ledger.apply(Till.cent("c-1")))
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        e -> assertThat(e.key()).isEqualTo(Till.cent("c-1").key()));
        assertThat(ledger.find("c-1")).isEmpty();
        assertThat(till.link().deliver()).isEqualTo(1);
        assertThat(ledger.find("c-1")).isPresent();
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        till.assertMoved("c-1", true);
    }

    @Test
    void whoTakesAnEmptyFindForANoPaysTwice() {
        JdbcLedger ledger = till.ledger(2, SHORT);
        till.link().faults(Faults.script(Fault.HOLD_COMMIT));
        assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(ledger.find("c-1")).isEmpty();
        // So the caller begins anew, with a new key.
        assertThat(till.link().deliver()).isEqualTo(1);
        Till.apply(ledger, Till.cent("c-2"));
        till.assertMoved("c-1", true);
        till.assertMoved("c-2", true);
    }

    @Test
    void aServerGivesUpACommitThatNeverComesAndTheUpdateIsAppliedThen() {
        JdbcLedger ledger = till.ledger(2, LONG);
        till.link().faults(Faults.script(Fault.HOLD_COMMIT));
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        // The link sees a little later than the server's other sessions that this one has gone.
        LinkedTill.await(() -> till.link().held() == 0);
        assertThat(till.link().deliver()).isZero();
        till.assertMoved("c-1", true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void anAnswerThatNeverComesIsUnknownWithTheDeadline(int poolSize) {
        HikariDataSource pool = till.pool(poolSize);
        JdbcLedger ledger = till.ledger(pool, SHORT);
        till.link().faults(Faults.script(Fault.STALL));
        Duration took = time(() ->
                assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(OutcomeUnknownException.class));
        assertThat(took).isLessThan(LONG);
        assertThat(ledger.find("c-1")).isPresent();
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        till.assertMoved("c-1", true);
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void aServerThatHangsLeavesNothingAppliedWithTheDeadline() {
        JdbcLedger ledger = till.ledger(1, SHORT);
        assertThat(ledger.find("c-1")).isEmpty();
        till.link().hang();
        assertThatThrownBy(() -> ledger.apply(Till.cent("c-1"))).isInstanceOf(NotAppliedException.class);
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        till.assertMoved("c-1", true);
    }

    @Test
    void aReadWhoseAnswerNeverComesEndsWithTheDeadline() {
        JdbcLedger ledger = till.ledger(1, SHORT);
        assertThat(ledger.find("c-1")).isEmpty();
        till.link().hang();
        assertThatThrownBy(() -> ledger.read(Till.drawer(0).account())).isInstanceOf(NotAppliedException.class);
        assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("100.00");
    }

    @Test
    void aGroupWhoseAnswerNeverComesIsUnknownUpdateByUpdate() {
        JdbcLedger ledger = till.ledger(1, SHORT);
        till.link().faults(Faults.script(Fault.STALL));
        BatchException told = catchThrowableOfType(BatchException.class, () -> ledger.applyEach(cents()));
        assertThat(told.fate()).isEqualTo(Fate.UNKNOWN);
        assertThat(told.results())
                .hasSize(5)
                .allMatch(result -> result.fault().orElseThrow().fate() == Fate.UNKNOWN);
        assertThat(ledger.applyEach(cents()))
                .allMatch(outcome -> outcome.orThrow().replayed());
        cents().forEach(update -> till.assertMoved(update.key().value(), true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void connectionsThatBrokeWhileIdleAreNotNoticedByReadersAndWriters(int poolSize) {
        JdbcLedger ledger = till.ledger(poolSize, LONG);
        assertThat(ledger.find("c-1")).isEmpty();
        till.link().cut();
        Duration took = time(() -> assertThat(ledger.find("c-1")).isEmpty());
        till.link().cut();
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
        assertThat(took).isLessThan(LONG.dividedBy(2));
        till.assertMoved("c-1", true);
    }

    @Test
    void aConnectionGoesBackToItsPoolWithTheBoundItCameWith() throws SQLException {
        HikariDataSource pool = till.pool(1);
        JdbcLedger ledger = till.ledger(pool, SHORT);
        Till.apply(ledger, Till.cent("c-1"));
        assertThat(ledger.find("c-1")).isPresent();
        try (var connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }

    @Test
    void aShorterBoundThatAConnectionCameWithStays() {
        HikariConfig config = new HikariConfig();
        till.pool(1).copyStateTo(config);
        try (HikariDataSource hasty = new HikariDataSource(config) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setNetworkTimeout(Runnable::run, 1_000);
                return connection;
            }
        }) {
            till.link().faults(Faults.script(Fault.STALL));
            // There is time left to ask again.
            assertThat(Till.apply(till.ledger(hasty, LONG), Till.cent("c-1")).replayed())
                    .isTrue();
            till.assertMoved("c-1", true);
        }
    }

    private static Duration time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}

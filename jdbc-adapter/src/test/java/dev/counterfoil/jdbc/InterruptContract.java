package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller who is interrupted learns what became of the money, soon, and stays interrupted. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class InterruptContract {
    private static final Duration LONG = Duration.ofSeconds(40);

    /** Far beyond what an end takes that an interrupt hastens, and far below the time of the call. */
    private static final long SOON_SECONDS = 15;

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
    }

    /** What a call threw, and whether its thread was interrupted still. */
    private record End(Throwable thrown, boolean interrupted) {}

    /** Calls on a thread of its own, interrupts it when it waits, and tells how it ended. */
    private End interrupted(JdbcLedger ledger, BooleanSupplier waits) throws Exception {
        FutureTask<End> call = new FutureTask<>(() -> {
            Throwable thrown = null;
            try {
                ledger.apply(Till.cent("c-1"));
            } catch (RuntimeException e) {
                thrown = e;
            }
            return new End(thrown, Thread.currentThread().isInterrupted());
        });
        Thread thread = new Thread(call);
        thread.start();
        LinkedTill.await(waits);
        thread.interrupt();
        return call.get(SOON_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whoWaitsForAConnectionHasAppliedNothing() throws Exception {
        HikariDataSource pool = till.pool(1);
        pool.setConnectionTimeout(LONG.toMillis());
        JdbcLedger ledger = till.ledger(pool, LONG);
        try (Connection taken = pool.getConnection()) {
            End end = interrupted(ledger, () -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() > 0);
            assertThat(end.thrown()).isInstanceOf(NotAppliedException.class);
            assertThat(end.interrupted()).isTrue();
            assertThat(taken.isClosed()).isFalse();
        }
        till.assertMoved("c-1", false);
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
    }

    @Test
    void whoWaitsForALockHasAppliedNothing() throws Exception {
        JdbcLedger ledger = till.ledger(2, LONG);
        Connection stranger = till.beside();
        stranger.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        stranger.setAutoCommit(false);
        till.ledgerBeside().in(stranger).lock(Till.drawer(0));
        try (Connection observer = till.connect()) {
            End end = interrupted(ledger, () -> till.waitsForALock(observer));
            assertThat(end.thrown()).isInstanceOf(NotAppliedException.class);
            assertThat(end.interrupted()).isTrue();
        } finally {
            stranger.rollback();
            stranger.setAutoCommit(true);
        }
        till.assertMoved("c-1", false);
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isFalse();
    }

    @Test
    void whoWaitsForTheAnswerToCommitDoesNotKnow() throws Exception {
        JdbcLedger ledger = till.ledger(2, Duration.ofSeconds(1));
        till.link().faults(Faults.script(Fault.STALL));
        End end = interrupted(ledger, () -> till.link().count(Fault.STALL) > 0);
        assertThat(end.thrown()).isInstanceOf(OutcomeUnknownException.class);
        assertThat(end.interrupted()).isTrue();
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        till.assertMoved("c-1", true);
    }

    @Test
    void whoIsInterruptedWhileTheCommitIsCutDoesNotKnowAndIsNotKeptWaiting() throws Exception {
        JdbcLedger ledger = till.ledger(2, LONG);
        till.link().faults(Faults.script(Fault.HOLD_COMMIT));
        End end = interrupted(ledger, () -> till.link().held() > 0);
        assertThat(end.thrown()).isInstanceOf(OutcomeUnknownException.class);
        assertThat(end.interrupted()).isTrue();
        assertThat(till.link().deliver()).isEqualTo(1);
        assertThat(Till.apply(ledger, Till.cent("c-1")).replayed()).isTrue();
        till.assertMoved("c-1", true);
    }
}

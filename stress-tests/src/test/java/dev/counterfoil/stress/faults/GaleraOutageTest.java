package dev.counterfoil.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a lost node costs a caller who goes on to write: a wait, and not a fault. */
@Tag("galera")
@Timeout(300)
class GaleraOutageTest {
    private static final BalanceId CASH = AccountId.of("till", "1").balance("cash", Unit.of("SAR", 2));
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private GaleraFixture galera;

    private interface Fault {
        void run() throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        galera = new GaleraFixture();
    }

    @AfterEach
    void end() throws Exception {
        if (galera != null) {
            galera.cluster().heal();
            galera.close();
        }
    }

    @Test
    void theNodeThatIsWrittenToIsKilled() throws Exception {
        longestWait("the node written to is killed", galera.cluster().nodes().get(0)::kill);
    }

    @Test
    void anotherNodeIsKilled() throws Exception {
        longestWait("another node is killed", galera.cluster().nodes().get(2)::kill);
    }

    @Test
    void anotherNodeFallsSilent() throws Exception {
        GaleraNode silent = galera.cluster().nodes().get(2);
        try {
            longestWait("another node falls silent", silent::pause);
        } finally {
            silent.goOn();
        }
    }

    @Test
    void aKilledNodeComesBack() throws Exception {
        GaleraNode node = galera.cluster().nodes().get(2);
        node.kill();
        longestWait("a killed node comes back", galera.cluster()::heal);
    }

    /** One caller writes, one update after the other, before, during and after a fault, and none of them fails. */
    private void longestWait(String what, Fault fault) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(galera.cluster().sequential(0, galera.database()));
        config.setMaximumPoolSize(2);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        AtomicBoolean goOn = new AtomicBoolean(true);
        CountDownLatch begun = new CountDownLatch(20);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcLedger ledger =
                        JdbcLedger.builder(pool).createSchema().timeout(TIMEOUT).build()) {
            ledger.apply(Update.of("open").open(CASH).build()).orThrow();
            Future<Long> longest = executor.submit(() -> write(ledger, goOn, begun));
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            fault.run();
            // Long enough for what is noticed late.
            Thread.sleep(10_000);
            goOn.set(false);
            System.out.println(what + ": the longest call took " + longest.get() + " ms");
        } finally {
            executor.shutdownNow();
        }
    }

    private static long write(Ledger ledger, AtomicBoolean goOn, CountDownLatch begun) {
        long longest = 0;
        for (int i = 0; goOn.get(); i++) {
            long start = System.nanoTime();
            assertThat(ledger.apply(Update.of("k" + i).add(CASH, "1.00").build()))
                    .isInstanceOf(Applied.class);
            longest = Math.max(longest, System.nanoTime() - start);
            begun.countDown();
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}

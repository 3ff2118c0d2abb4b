package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Update;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupted callers on H2, which keeps its file in a channel of this process that an interrupt closes. */
class H2InterruptTest {
    private static final int CALLERS = 3;
    private static final int CALLS = 300;

    @TempDir
    Path directory;

    @Test
    void callersThatAreInterruptedAllTheTimeDoNotCloseAFileThatIsOpenedWithAsync() throws Exception {
        try (HikariDataSource pool = pool("jdbc:h2:async:" + directory.resolve("books") + ";WRITE_DELAY=0");
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            int answered = hammer(ledger, true);

            Till.apply(ledger, Till.cent("after"));
            assertThat(answered).isPositive();
        }
    }

    @Test
    void aCallerThatCameInterruptedDoesNotCloseTheFileHoweverItIsOpened() throws Exception {
        try (HikariDataSource pool = pool("jdbc:h2:" + directory.resolve("books") + ";WRITE_DELAY=0");
                // Whoever comes interrupted does not wait in the queue of shared commits.
                JdbcLedger ledger = JdbcLedger.builder(pool)
                        .createSchema()
                        .groupCommit(false)
                        .build()) {
            Till.apply(ledger, Till.opening());
            int answered = hammer(ledger, false);

            Till.apply(ledger, Till.cent("after"));
            assertThat(answered).isEqualTo(CALLERS * CALLS);
        }
    }

    /** Calls with the flag set before each, and by another thread at any moment where asked for; how many were answered. */
    private static int hammer(JdbcLedger ledger, boolean atAnyMoment) throws InterruptedException {
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int caller = i;
            callers.add(new Thread(() -> {
                for (int n = 0; n < CALLS; n++) {
                    Thread.currentThread().interrupt();
                    try {
                        // A drawer each, so that nobody waits for anybody.
                        ledger.apply(Update.of("c" + caller + "-" + n)
                                .add(Till.drawer(caller), "0.01")
                                .build());
                        answered.incrementAndGet();
                    } catch (NotAppliedException e) {
                        // Some wait, for the pool or for each other, and are told so.
                    }
                    assertThat(Thread.interrupted()).isTrue();
                }
            }));
        }
        callers.forEach(Thread::start);
        Thread interrupter = new Thread(() -> {
            SplittableRandom random = new SplittableRandom(1);
            while (atAnyMoment && !over.get()) {
                callers.get(random.nextInt(CALLERS)).interrupt();
                Thread.onSpinWait();
            }
        });
        interrupter.start();
        for (Thread caller : callers) {
            caller.join();
        }
        over.set(true);
        interrupter.join();
        return answered.get();
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CALLERS + 1);
        return new HikariDataSource(config);
    }
}

package dev.counterfoil.jdbc;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Stops the first caller that comes to a place between ledger and database, until it is let go. */
final class StopAt extends Between implements AutoCloseable {
    private final Predicate<String> place;
    private final boolean answered;
    private final AtomicInteger comers = new AtomicInteger();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    private StopAt(Predicate<String> place, boolean answered) {
        this.place = place;
        this.answered = answered;
    }

    /** After the first text with this part was answered. */
    static StopAt answerTo(String part) {
        return new StopAt(sql -> sql.contains(part), true);
    }

    /** Before the first COMMIT is sent. */
    static StopAt commit() {
        return new StopAt("COMMIT"::equals, false);
    }

    /** Waits until somebody stands there. */
    void awaitReached() throws InterruptedException {
        if (!reached.await(Calls.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody came there");
        }
    }

    /** How many have come there so far, the stopped one among them. */
    int comers() {
        return comers.get();
    }

    void letGo() {
        letGo.countDown();
    }

    @Override
    void before(String sql) throws SQLException {
        if (!answered) {
            stop(sql);
        }
    }

    @Override
    void after(String sql) throws SQLException {
        if (answered) {
            stop(sql);
        }
    }

    private void stop(String sql) throws SQLException {
        if (!place.test(sql) || comers.getAndIncrement() > 0) {
            return;
        }
        reached.countDown();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    @Override
    public void close() {
        letGo();
    }
}

package dev.counterfoil.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A {@link Between} for interleavings that are certain: it changes parts of the texts, stops one sender where a test wants
 * it, and keeps what was sent and what failed.
 */
final class Stage extends Between {
    private final List<UnaryOperator<String>> changes = new CopyOnWriteArrayList<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicBoolean free = new AtomicBoolean(true);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final ThreadLocal<String> before = ThreadLocal.withInitial(() -> "");
    private volatile Predicate<String> stop = sql -> false;

    /** From now on this part is left out of every text that has it. */
    Stage without(String part) {
        return with(part, "");
    }

    /** From now on another part is in every text that has this one; parameters must stay as many as they are. */
    Stage with(String part, String instead) {
        return changed(sql -> sql.replace(part, instead));
    }

    Stage changed(UnaryOperator<String> change) {
        changes.add(change);
        return this;
    }

    /** Locks are waited for ten times as long as the product does, so that a slow machine parks nobody. */
    Stage patient() {
        return with("set_config('lock_timeout', ?,", "set_config('lock_timeout', ? || '0',");
    }

    /** The server may find rows in any way, and not only through indexes. */
    Stage anyPlan() {
        return changed(Stage::anyPlan);
    }

    static String anyPlan(String sql) {
        return sql.replaceAll("set_config\\('enable_[a-z]+', 'off', true\\)", "NULL");
    }

    /** The first that is to send such a text stops before it. */
    Stage stopsBefore(Predicate<String> text) {
        stop = text;
        free.set(false);
        return this;
    }

    /** The first that has written something stops before its commit. */
    Stage stopsBeforeCommit() {
        return stopsBefore(sql -> sql.equals("COMMIT") && before.get().startsWith("INSERT"));
    }

    /** Waits until somebody has stopped. */
    void awaitStopped() {
        PostgresBooks.await(stopped);
    }

    void letGo() {
        letGo.countDown();
    }

    /** How many texts with this part were sent. */
    long sent(String part) {
        return sent.stream().filter(sql -> sql.contains(part)).count();
    }

    /** The last text with this part, as the ledger meant it. */
    String last(String part) {
        return sent.stream().filter(sql -> sql.contains(part)).reduce("", (before, sql) -> sql);
    }

    /** How many texts failed with this SQLState. */
    long failures(String state) {
        return failures.stream().filter(state::equals).count();
    }

    @Override
    String text(String sql) {
        String text = sql;
        for (UnaryOperator<String> change : changes) {
            text = change.apply(text);
        }
        return text;
    }

    @Override
    void before(String sql) {
        sent.add(sql);
        if (stop.test(sql) && !free.getAndSet(true)) {
            stopped.countDown();
            PostgresBooks.await(letGo);
        }
        before.set(sql);
    }

    @Override
    void failed(String sql, SQLException failure) {
        failures.add(String.valueOf(failure.getSQLState()));
    }
}

package dev.counterfoil.jdbc;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
        return with("set_config('lock_timeout', ?,", "set_config('lock_timeout', ? || '0',")
                .with("innodb_lock_wait_timeout = 1,", "innodb_lock_wait_timeout = 15,");
    }

    /** Cells that were missing behind the locks are not looked for again. */
    Stage withoutTheSecondLook() {
        return changed(sql -> sql.startsWith("SELECT w.namespace,") ? sql + " AND false" : sql)
                .changed(sql -> sql.startsWith("SELECT namespace, account_kind, account_id, name FROM")
                        ? sql.replace(" WHERE (", " WHERE false AND (")
                        : sql);
    }

    /** How the rows of cells are sorted before they are locked. */
    static final String SORT =
            " ORDER BY w.namespace COLLATE \"C\", w.account_kind COLLATE \"C\", w.account_id COLLATE \"C\", w.name COLLATE \"C\"";

    /** The three things that are looked up behind the locks, by their columns. */
    enum LookUp {
        KEYS("namespace, scope, key"),
        REFERENCES("namespace, reference"),
        REVERSALS("namespace, reverses_scope, reverses_key");

        private final String columns;

        LookUp(String columns) {
            this.columns = columns;
        }
    }

    /** Nothing is found there. */
    Stage without(LookUp lookUp) {
        String[] columns = lookUp.columns.split(", ");
        String one = match(columns, "?");
        String each = match(columns, "w.%s");
        String in = "(" + lookUp.columns.replace(", key", ", `key`") + ") IN (";
        return with(one, "false AND " + one)
                .with(each, "false AND " + each)
                .with(" WHERE " + in, " WHERE false AND " + in);
    }

    private static String match(String[] columns, String value) {
        return Arrays.stream(columns)
                .map(column -> "d." + column + " = " + String.format(value, column))
                .collect(Collectors.joining(" AND "));
    }

    /** Whether a text locks the rows of cells. */
    static boolean locks(String sql) {
        return sql.contains("FOR NO KEY UPDATE") || (sql.contains("FORCE INDEX") && sql.contains(" FOR UPDATE"));
    }

    /** How many texts were sent that lock the rows of cells. */
    long locksSent() {
        return sent.stream().filter(Stage::locks).count();
    }

    /** The server may find rows in any way, and not only through indexes. */
    Stage anyPlan() {
        return changed(Stage::anyPlan);
    }

    static String anyPlan(String sql) {
        return sql.replaceAll("set_config\\('(enable|plan)_[a-z_]+', '[a-z_]+', true\\)", "NULL");
    }

    /** The first that is to send such a text stops before it. */
    Stage stopsBefore(Predicate<String> text) {
        stop = text;
        free.set(false);
        return this;
    }

    /** The first that has written something stops before its commit. */
    Stage stopsBeforeCommit() {
        return stopsBefore(sql -> sql.equals("COMMIT") && before.get().matches("(?s)(INSERT|UPDATE) .*"));
    }

    /** Waits until somebody has stopped. */
    void awaitStopped() {
        ServerBooks.await(stopped);
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

    /** How many texts failed with this SQLState, or this code of the server's own. */
    long failures(String code) {
        return failures.stream().filter(code::equals).count();
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
            ServerBooks.await(letGo);
        }
        before.set(sql);
    }

    @Override
    void failed(String sql, SQLException failure) {
        failures.add(String.valueOf(failure.getSQLState()));
        failures.add(Integer.toString(failure.getErrorCode()));
    }
}

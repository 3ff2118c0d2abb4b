package dev.counterfoil.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A pool of real connections that hands each out as the last user left it, and a place between ledger and database where
 * faults come from.
 */
final class TestPool implements DataSource, AutoCloseable {
    /** Sees each statement on its way to the database, and can throw before or after it took effect. */
    interface Fault {
        default void before(String sql) throws SQLException {}

        default void after(String sql) throws SQLException {}
    }

    private interface Setup {
        void run(Connection connection) throws SQLException;
    }

    private static final Fault NONE = new Fault() {};

    private final Path file;
    private final List<String> onOpen = new CopyOnWriteArrayList<>();
    private final List<Connection> all = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Connection> idle;
    private volatile Fault fault = NONE;

    TestPool(Path file, int size) throws SQLException {
        this.file = file;
        idle = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            open();
        }
    }

    private void open() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        run(connection, onOpen);
        all.add(connection);
        idle.add(connection);
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** From now on, until the next one. */
    void fault(Fault next) {
        fault = next;
    }

    void noFault() {
        fault = NONE;
    }

    /** Runs statements on every connection, and on those that come to be later; all must be idle. */
    void everywhere(String... statements) throws SQLException {
        onOpen.addAll(List.of(statements));
        everywhere(connection -> run(connection, List.of(statements)));
    }

    void autoCommit(boolean on) throws SQLException {
        everywhere(connection -> connection.setAutoCommit(on));
    }

    private void everywhere(Setup setup) throws SQLException {
        if (idle.size() != all.size()) {
            throw new AssertionError(all.size() - idle.size() + " connections are not back");
        }
        for (Connection connection : all) {
            setup.run(connection);
        }
    }

    /** The one connection of a pool of one, lent or idle. */
    Connection only() {
        return all.get(0);
    }

    /** The connections themselves; all must be idle. */
    List<Connection> connections() throws SQLException {
        everywhere(connection -> {});
        return List.copyOf(all);
    }

    @Override
    public Connection getConnection() throws SQLException {
        fault.before("getConnection");
        try {
            Connection connection = idle.poll(20, TimeUnit.SECONDS);
            if (connection == null) {
                throw new SQLTransientConnectionException("no connection is free");
            }
            return lent(connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
    }

    private Connection lent(Connection connection) {
        boolean[] closed = new boolean[1];
        return proxy(Connection.class, (method, args) -> {
            switch (method.getName()) {
                case "close" -> {
                    if (!closed[0]) {
                        closed[0] = true;
                        idle.add(connection);
                    }
                    return null;
                }
                case "abort" -> {
                    if (!closed[0]) {
                        closed[0] = true;
                        all.remove(connection);
                        connection.close();
                        open();
                    }
                    return null;
                }
                case "isClosed" -> {
                    return closed[0];
                }
                case "createStatement", "prepareStatement" -> {
                    Statement statement = (Statement) method.invoke(connection, args);
                    String sql = args == null ? "" : (String) args[0];
                    Class<? extends Statement> type = method.getReturnType().asSubclass(Statement.class);
                    return watched(type, statement, sql);
                }
                default -> {
                    return method.invoke(connection, args);
                }
            }
        });
    }

    private <T extends Statement> T watched(Class<T> type, Statement statement, String prepared) {
        return proxy(type, (method, args) -> {
            if (!method.getName().startsWith("execute")) {
                return method.invoke(statement, args);
            }
            String sql = args == null ? prepared : (String) args[0];
            fault.before(sql);
            Object result = method.invoke(statement, args);
            fault.after(sql);
            return result;
        });
    }

    private interface Call {
        Object run(java.lang.reflect.Method method, Object[] args) throws ReflectiveOperationException, SQLException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        Object proxy =
                Proxy.newProxyInstance(TestPool.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    try {
                        return call.run(method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : all) {
            connection.close();
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}

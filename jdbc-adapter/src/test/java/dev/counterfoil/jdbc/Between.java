package dev.counterfoil.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * A place between the ledger and any {@code DataSource}, where a test sees the texts that go to the database, changes them
 * (so that a rule of the protocol is missing), stops there, or throws. {@code commit()} and {@code rollback()} have the
 * texts COMMIT and ROLLBACK, which cannot be changed.
 */
abstract class Between {
    /** The text that is sent instead; the number of its parameters must stay. */
    String text(String sql) {
        return sql;
    }

    /** Before a text is sent, on the thread that sends it. */
    void before(String sql) throws SQLException {}

    /** After the database has answered, and before the ledger sees the answer. */
    void after(String sql) throws SQLException {}

    /** After the database, or the driver, has refused a text. */
    void failed(String sql, SQLException failure) {}

    /** After each answer: the first of the warnings and notices that came with it, or null. */
    void notices(SQLWarning first) {}

    /** The data source with this between it and whoever uses it. */
    final DataSource on(DataSource real) {
        return proxy(DataSource.class, (method, args) -> {
            Object result = method.invoke(real, args);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    private Connection watched(Connection connection) {
        return proxy(Connection.class, (method, args) -> switch (method.getName()) {
            case "commit" -> sent("COMMIT", connection, method, args);
            case "rollback" -> sent("ROLLBACK", connection, method, args);
            case "createStatement" -> watched(Statement.class, (Statement) method.invoke(connection, args), "");
            case "prepareStatement" -> {
                String sql = (String) args[0];
                args[0] = text(sql);
                yield watched(PreparedStatement.class, (PreparedStatement) method.invoke(connection, args), sql);
            }
            default -> method.invoke(connection, args);
        });
    }

    private <T extends Statement> T watched(Class<T> type, T statement, String prepared) {
        return proxy(type, (method, args) -> {
            if (method.getName().equals("addBatch") && args != null) {
                args[0] = text((String) args[0]);
            }
            if (!method.getName().startsWith("execute")) {
                return method.invoke(statement, args);
            }
            String sql = args == null ? prepared : (String) args[0];
            if (args != null) {
                args[0] = text(sql);
            }
            return sent(sql, statement, method, args);
        });
    }

    private Object sent(String sql, Object target, Method method, Object[] args)
            throws ReflectiveOperationException, SQLException {
        before(sql);
        Object result;
        try {
            result = method.invoke(target, args);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException failure) {
                failed(sql, failure);
            }
            throw e;
        }
        after(sql);
        notices(target instanceof Statement statement ? statement.getWarnings() : ((Connection) target).getWarnings());
        return result;
    }

    private interface Call {
        Object run(Method method, Object[] args) throws ReflectiveOperationException, SQLException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        Object proxy =
                Proxy.newProxyInstance(Between.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    try {
                        return call.run(method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }
}

package dev.counterfoil.jdbc.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** A connection for work inside a transaction that somebody else ends: it refuses to end it. */
public final class WorkConnection implements InvocationHandler {
    private final Connection connection;

    private WorkConnection(Connection connection) {
        this.connection = connection;
    }

    /** The same connection, for the work. */
    public static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, new WorkConnection(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        int count = arguments == null ? 0 : arguments.length;
        switch (method.getName()) {
            case "commit", "rollback" -> {
                if (count == 0) {
                    throw refused(method);
                }
            }
            case "setAutoCommit" -> {
                if (arguments == null || !Boolean.FALSE.equals(arguments[0])) {
                    throw refused(method);
                }
            }
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            default -> {}
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static IllegalStateException refused(Method method) {
        return new IllegalStateException("inTransaction commits and rolls back itself, so the work cannot call "
                + method.getName() + "(): throw to roll back, or set a savepoint");
    }
}

package dev.counterfoil.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** A data source of one real connection, which it does not let be closed. */
final class Single {
    private Single() {}

    static DataSource of(Connection connection) {
        Connection open = (Connection) Proxy.newProxyInstance(
                Single.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    return method.invoke(connection, args);
                });
        return (DataSource) Proxy.newProxyInstance(
                Single.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> open);
    }
}

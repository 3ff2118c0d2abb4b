package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Which dialect a ledger uses: by the database's name and version, or the one that was handed in. */
class DialectChoiceTest {
    /** A database that is PostgreSQL in all but name, and that asks for a retry with a state of its own. */
    private static class CopycatDialect extends PostgresDialect {
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public String product() {
            return "CopycatDB";
        }

        @Override
        public Trouble trouble(SQLException failure, Phase phase, String prefix) {
            asked.incrementAndGet();
            return "CC001".equals(failure.getSQLState()) ? Trouble.TRANSIENT : super.trouble(failure, phase, prefix);
        }
    }

    @Test
    void aDialectOfTheUsersOwnServesADatabaseThatIsNotKnown() {
        CopycatDialect dialect = new CopycatDialect();
        AtomicInteger failures = new AtomicInteger(2);
        DataSource copycat = new Between() {
            @Override
            void before(String sql) throws SQLException {
                if (sql.contains("INSERT INTO") && failures.getAndDecrement() > 0) {
                    throw new SQLException("please again", "CC001");
                }
            }
        }.on(named(PostgresServer.get().plain(PostgresServer.get().newDatabase()), "CopycatDB", 17));
        try (JdbcLedger ledger =
                JdbcLedger.builder(copycat).dialect(dialect).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            assertThat(dialect.asked).hasPositiveValue();
            var outcomes = ledger.applyEach(List.of(Till.cent("a"), Till.cent("b"), Till.cent("a")));

            assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Applied.class));
            assertThat(Till.cash(ledger, 0)).isEqualTo("99.98");
            assertThat(ledger.apply(
                            Update.of("c").take(Till.drawer(0), "100.00").build()))
                    .isInstanceOf(Rejected.OutOfBounds.class);
        }
    }

    @Test
    void aDatabaseThatIsNotKnownIsRefusedWithThoseThatAre() {
        DataSource copycat =
                named(PostgresServer.get().plain(PostgresServer.get().newDatabase()), "CopycatDB", 17);
        assertThatThrownBy(() -> JdbcLedger.builder(copycat).createSchema().build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("CopycatDB", "SQLite", "PostgreSQL", "MariaDB", "H2");
    }

    @Test
    void aDialectForAnotherDatabaseIsRefused() {
        DataSource postgres = PostgresServer.get().plain(PostgresServer.get().newDatabase());
        assertThatThrownBy(() -> JdbcLedger.builder(postgres)
                        .dialect(new CopycatDialect())
                        .build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("CopycatDB", "PostgreSQL");
    }

    @Test
    void aVersionThatIsTooOldIsRefusedWithTheReason() {
        DataSource postgres = PostgresServer.get().plain(PostgresServer.get().newDatabase());
        assertThatThrownBy(() ->
                        JdbcLedger.builder(named(postgres, "PostgreSQL", 14)).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("too old", "15.0", "older ones are not verified");
        // The minor version stays the server's, which is above 6.
        assertThatThrownBy(
                        () -> JdbcLedger.builder(named(postgres, "MariaDB", 9)).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("too old", "10.6", "SKIP LOCKED");
    }

    /** Connections to a database that gives itself another name and version. */
    private static DataSource named(DataSource real, String product, int major) {
        Map<String, Object> answers = Map.of("getDatabaseProductName", product, "getDatabaseMajorVersion", major);
        return proxy(DataSource.class, real, Map.of("getConnection", (Wrapper) connection ->
                proxy(Connection.class, connection, Map.of("getMetaData", (Wrapper)
                        data -> proxy(DatabaseMetaData.class, data, answers)))));
    }

    private interface Wrapper {
        Object around(Object result);
    }

    /** Answers of an object replaced by others, or wrapped. */
    private static <T> T proxy(Class<T> type, Object real, Map<String, ?> answers) {
        Object proxy = Proxy.newProxyInstance(
                DialectChoiceTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    Object answer = answers.get(method.getName());
                    if (answer != null && !(answer instanceof Wrapper)) {
                        return answer;
                    }
                    try {
                        Object result = method.invoke(real, args);
                        return answer instanceof Wrapper wrapper ? wrapper.around(result) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }
}

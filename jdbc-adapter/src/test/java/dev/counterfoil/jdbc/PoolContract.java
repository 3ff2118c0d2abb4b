package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.Ledger;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ledger on pools of a server's connections that belong to somebody else. */
@Timeout(60)
abstract class PoolContract {
    private String url;

    /** The server, which other tests use too. */
    abstract TestServer server();

    /** A query for all that the library sets in a session, and for the number of the session. */
    abstract String session();

    @BeforeEach
    void makeDatabase() {
        url = server().url(server().newDatabase());
    }

    @AfterEach
    void sound() throws SQLException {
        try (PlainSql sql = new PlainSql(url)) {
            Till.assertSound(sql);
        }
    }

    HikariDataSource pool(Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    private static void useForEverything(DataSource pool) {
        try (JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            ledger.apply(Till.cent("c-1"));
            ledger.apply(Till.cent("c-1"));
            ledger.apply(Update.of("c-2").take(Till.drawer(0), "1000.00").build());
            ledger.applyEach(List.of(Till.cent("c-3"), Till.cent("c-4")));
            ledger.decide("c-5", "pay", List.of(Till.drawer(0)), now -> now.decline("NO", "not today"));
            assertThatThrownBy(() -> ledger.decide("c-6", "", List.of(Till.drawer(0)), now -> {
                        throw new IllegalStateException("of the caller");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.97");
            assertThat(ledger.history(Till.drawer(0), PageRequest.first(9)).items())
                    .hasSize(4);
            assertThat(ledger.find("c-1")).isPresent();
        }
    }

    /** A pool of one, so that it is the same connection before and after. */
    record Setup(String name, Consumer<HikariConfig> settings) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Setup> setups() {
        return Stream.of(
                new Setup("as it comes", config -> {}),
                new Setup("no autocommit", config -> config.setAutoCommit(false)),
                new Setup("READ UNCOMMITTED", config -> config.setTransactionIsolation("TRANSACTION_READ_UNCOMMITTED")),
                new Setup("REPEATABLE READ", config -> config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ")),
                new Setup("SERIALIZABLE", config -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE")),
                new Setup("both", config -> {
                    config.setAutoCommit(false);
                    config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
                }));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aConnectionThatComesSetUpOtherwiseIsUsedAndGoesBackAsItCame(Setup setup) throws SQLException {
        try (HikariDataSource pool = pool(config -> {
            config.setMaximumPoolSize(1);
            setup.settings.accept(config);
        })) {
            String before = state(pool);
            useForEverything(pool);
            assertThat(state(pool)).isEqualTo(before);
        }
    }

    private String state(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            String state = new PlainSql(connection).rows(session()) + ", " + connection.getAutoCommit() + ", "
                    + connection.getTransactionIsolation() + ", " + connection.isReadOnly() + ", "
                    + connection.getNetworkTimeout();
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            return state;
        }
    }

    @Test
    void aPoolWithTheDefaultsOfHikariIsEnough() throws Exception {
        try (HikariDataSource pool = pool(config -> {});
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            assertThat(sixteenThreads(ledger)).isPositive();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void sixteenThreadsGetAlongWithOneConnection() throws Exception {
        try (HikariDataSource pool = pool(config -> config.setMaximumPoolSize(1));
                JdbcLedger ledger = JdbcLedger.builder(pool)
                        .createSchema()
                        .timeout(Duration.ofSeconds(30))
                        .build()) {
            assertThat(sixteenThreads(ledger)).isPositive();
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isEqualTo(1);
        }
    }

    /** Each applies, reads and decides; how many were applied. */
    private static long sixteenThreads(Ledger ledger) throws Exception {
        int threads = 16;
        Till.apply(ledger, Till.opening());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> calls = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String name = "t" + t;
                calls.add(() -> {
                    long applied = 0;
                    for (int i = 0; i < 5; i++) {
                        applied += ledger.apply(Till.transfer(name + "-" + i)) instanceof Applied ? 1 : 0;
                        assertThat(Till.cash(ledger, i % Till.SIZE).signum()).isNotNegative();
                        var decided = ledger.decide(
                                name + "-d" + i,
                                "one cent",
                                List.of(Till.drawer(0), Till.drawer(1)),
                                now -> now.update()
                                        .transfer(Till.drawer(0), Till.drawer(1), "0.01")
                                        .build());
                        applied += decided instanceof Applied ? 1 : 0;
                    }
                    return applied;
                });
            }
            long applied = 0;
            for (Future<Long> call : executor.invokeAll(calls)) {
                applied += call.get();
            }
            return applied;
        } finally {
            executor.shutdownNow();
        }
    }

    /** The simplest of pools: it hands its connection out as the last user left it. */
    @Test
    void whatSomebodyLeftUncommittedIsNeverCommittedByTheLedger() throws SQLException {
        try (PlainSql sql = new PlainSql(url);
                Connection only = DriverManager.getConnection(url);
                JdbcLedger ledger =
                        JdbcLedger.builder(keeping(only)).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            sql.run("CREATE TABLE mine (a INT)");
            only.setAutoCommit(false);
            new PlainSql(only).run("INSERT INTO mine VALUES (1)");
            Till.apply(ledger, Till.cent("c-1"));
            assertThat(sql.count("SELECT count(*) FROM mine")).isZero();
            new PlainSql(only).run("INSERT INTO mine VALUES (1)");
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("99.99");
            assertThat(sql.count("SELECT count(*) FROM mine")).isZero();
            assertThat(only.getAutoCommit()).isFalse();
            only.setAutoCommit(true);
            new PlainSql(only).run("BEGIN", "INSERT INTO mine VALUES (1)");
            Till.apply(ledger, Till.cent("c-2"));
            assertThat(sql.count("SELECT count(*) FROM mine")).isZero();
        }
    }

    private static DataSource keeping(Connection only) {
        Connection lent = proxy(
                Connection.class,
                (method, args) -> method.getName().equals("close") ? null : method.invoke(only, args));
        return proxy(DataSource.class, (method, args) -> lent);
    }

    private interface Call {
        Object run(Method method, Object[] args) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                PoolContract.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    try {
                        return call.run(method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}

package dev.counterfoil.stress.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.dialect.GaleraDialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that answers, and does not belong to the majority any more. */
@Tag("galera")
@Timeout(300)
class GaleraQuorumTest {
    /** Takes what a cut off node answers for any other failure. */
    private static final class KeepsConnections extends GaleraDialect {
        @Override
        public boolean isCutOff(SQLException failure) {
            return false;
        }
    }

    /** A pool of one connection, which it lends for as long as that looks sound; then it goes to the next node. */
    private static final class OneConnection {
        private final GaleraFixture galera;
        private int node;
        private @Nullable Connection kept;

        OneConnection(GaleraFixture galera) {
            this.galera = galera;
        }

        DataSource pool() {
            return (DataSource) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> take());
        }

        synchronized Connection take() throws SQLException {
            if (kept == null || !kept.isValid(2)) {
                String database = galera.database();
                kept = DriverManager.getConnection(galera.cluster().url(node++ % 2, database));
            }
            return lent(kept);
        }

        private static Connection lent(Connection connection) {
            return (Connection) Proxy.newProxyInstance(
                    OneConnection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            return null;
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void aNodeThatIsCutOffIsLeftForAnother() throws Exception {
        try (GaleraFixture galera = new GaleraFixture()) {
            JdbcLedger ledger = opened(galera, new GaleraDialect());
            isolate(galera, 1);
            try {
                assertThat(ledger.apply(one("a"))).isInstanceOf(Applied.class);
            } finally {
                isolate(galera, 0);
                galera.cluster().heal();
            }
        }
    }

    @Test
    void whoKeepsTheConnectionBecauseItIsValidWaitsInVain() throws Exception {
        try (GaleraFixture galera = new GaleraFixture()) {
            JdbcLedger ledger = opened(galera, new KeepsConnections());
            isolate(galera, 1);
            try {
                assertThatThrownBy(() -> ledger.apply(one("a"))).isInstanceOf(NotAppliedException.class);
            } finally {
                isolate(galera, 0);
                galera.cluster().heal();
            }
            assertThat(ledger.apply(one("a"))).isInstanceOf(Applied.class);
        }
    }

    @Test
    void withoutAMajorityNothingIsAppliedAndWithOneItGoesOn() throws Exception {
        try (GaleraFixture galera = new GaleraFixture()) {
            JdbcLedger ledger = opened(galera, new GaleraDialect());
            galera.cluster().nodes().get(1).pause();
            galera.cluster().nodes().get(2).pause();
            try {
                awaitReady(galera, "OFF");
                assertThatThrownBy(() -> ledger.apply(one("a"))).isInstanceOf(NotAppliedException.class);
            } finally {
                galera.cluster().nodes().get(1).goOn();
                galera.cluster().nodes().get(2).goOn();
                galera.cluster().heal();
            }
            assertThat(ledger.apply(one("a")))
                    .isInstanceOfSatisfying(
                            Applied.class,
                            applied -> assertThat(applied.replayed()).isFalse());
        }
    }

    private static JdbcLedger opened(GaleraFixture galera, Dialect dialect) {
        JdbcLedger ledger = JdbcLedger.builder(new OneConnection(galera).pool())
                .dialect(dialect)
                .createSchema()
                .timeout(Duration.ofSeconds(8))
                .build();
        ledger.apply(Update.of("open")
                        .open(AccountId.of("till", "1").balance("cash", Unit.of("SAR", 2)))
                        .build())
                .orThrow();
        return ledger;
    }

    private static Update one(String key) {
        return Update.of(key)
                .add(AccountId.of("till", "1").balance("cash", Unit.of("SAR", 2)), "1.00")
                .build();
    }

    /** Cuts the first node off from the others, or lets it back; it goes on to answer its clients. */
    private static void isolate(GaleraFixture galera, int on) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(galera.cluster().url(0, ""));
                Statement statement = connection.createStatement()) {
            statement.execute("SET GLOBAL wsrep_provider_options = 'gmcast.isolate=" + on + "'");
        }
        awaitReady(galera, on == 1 ? "OFF" : "ON");
        if (on == 1) {
            // The others need a while to see that they are among themselves.
            galera.cluster().nodes().get(1).awaitSynced();
        }
    }

    private static void awaitReady(GaleraFixture galera, String ready) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!galera.cluster().nodes().get(0).status("wsrep_ready").equals(ready)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("wsrep_ready is not " + ready);
            }
            Thread.sleep(50);
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.testkit.FlakyLink;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The till in a server's database, behind a flaky link; and beside it, past the link, whoever looks what is true. */
final class LinkedTill {
    private static final AtomicInteger TILLS = new AtomicInteger();

    private final LinkedServer server;
    private final String prefix = "till" + TILLS.incrementAndGet() + "_";
    private final FlakyLink link;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Connection beside;
    private final JdbcLedger ledgerBeside;
    private boolean shared = true;

    LinkedTill(LinkedServer server) throws SQLException {
        this.server = server;
        this.link = toClose(server.link());
        this.beside = toClose(connect("127.0.0.1", server.port()));
        HikariDataSource pool = toClose(pool("127.0.0.1", server.port(), 2));
        this.ledgerBeside =
                toClose(JdbcLedger.builder(pool).prefix(prefix).createSchema().build());
        Till.apply(ledgerBeside, Till.opening());
    }

    FlakyLink link() {
        return link;
    }

    /** From now on, callers of a ledger through the link share commits, or do not. */
    LinkedTill share(boolean commits) {
        shared = commits;
        return this;
    }

    /** A connection past the link. */
    Connection beside() {
        return beside;
    }

    /** A ledger past the link. */
    JdbcLedger ledgerBeside() {
        return ledgerBeside;
    }

    /** A connection through the link. */
    Connection connect() throws SQLException {
        return connect(link.host(), link.port());
    }

    private Connection connect(String host, int port) throws SQLException {
        return DriverManager.getConnection(server.url(host, port));
    }

    /** A pool of connections through the link. */
    HikariDataSource pool(int size) {
        return toClose(pool(link.host(), link.port(), size));
    }

    private HikariDataSource pool(String host, int port, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url(host, port));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(1_000);
        config.setValidationTimeout(500);
        return new HikariDataSource(config);
    }

    /** A ledger on a pool of its own through the link. */
    JdbcLedger ledger(int poolSize, Duration timeout) {
        return ledger(pool(poolSize), timeout);
    }

    JdbcLedger ledger(HikariDataSource pool, Duration timeout) {
        return toClose(JdbcLedger.builder(pool)
                .prefix(prefix)
                .timeout(timeout)
                .groupCommit(shared)
                .build());
    }

    private <T extends AutoCloseable> T toClose(T resource) {
        open.push(resource);
        return resource;
    }

    /** Waits until a session waits for a lock. */
    void awaitLockWait() {
        await(() -> waitsForALock(beside));
    }

    /** True where some session waits for a lock. Not asked too often, for InnoDB shows such a one old news. */
    boolean waitsForALock(Connection observer) {
        pause(150);
        try (Statement statement = observer.createStatement();
                ResultSet row = statement.executeQuery(server.countLockWaits())) {
            row.next();
            return row.getLong(1) > 0;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until a COMMIT is held. */
    void awaitHeld() {
        await(() -> link.held() > 0);
    }

    /** Waits for what must come; the time-out of the test ends a wait in vain. */
    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            pause(5);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Looks at every drawer past the link: each is the fold of its entries, and the total is what it was.
     *
     * @return how many entries each key has left
     */
    Map<Key, Integer> audit() {
        Map<Key, Integer> entries = new HashMap<>();
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < Till.SIZE; i++) {
            BigDecimal sum = BigDecimal.ZERO;
            long sequence = 0;
            Optional<PageRequest> next = Optional.of(PageRequest.first(1000));
            while (next.isPresent()) {
                BalanceId drawer = Till.drawer(i);
                Page<BalanceEntry> page = ledgerBeside.history(drawer, next.get());
                for (BalanceEntry entry : page.items()) {
                    sum = sum.add(entry.delta());
                    assertThat(entry.sequence()).isEqualTo(++sequence);
                    assertThat(entry.after()).isEqualByComparingTo(sum);
                    entries.merge(entry.key(), 1, Integer::sum);
                }
                next = page.next();
            }
            assertThat(Till.cash(ledgerBeside, i)).isEqualByComparingTo(sum);
            total = total.add(sum);
        }
        assertThat(total).isEqualByComparingTo(new BigDecimal(Till.SIZE + "00.00"));
        entries.remove(Till.opening().key());
        return entries;
    }

    /** Looks at every drawer; the key has moved money once, or not at all. */
    void assertMoved(String key, boolean moved) {
        Map<Key, Integer> entries = audit();
        assertThat(entries.getOrDefault(Key.of(key), 0)).isEqualTo(moved ? 2 : 0);
        assertThat(ledgerBeside.find(key)).matches(found -> found.isPresent() == moved);
    }

    void close() throws Exception {
        // Held COMMITs and stalled answers first: who waits for them would keep a ledger from closing.
        link.cut();
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}

package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.BigBooks.cell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.StoreException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often each call waits for PostgreSQL: counted on the wire, from the first call on, prepared or not. */
@Timeout(60)
class PostgresRoundTripsTest {
    /** So often that the driver has prepared the statements on the server (its fifth time). */
    private static final int OFTEN = 8;

    private RoundTrips wire;
    private Connection kept;
    private DataSource connections;
    private JdbcLedger ledger;

    @BeforeEach
    void openLedger() throws IOException, SQLException {
        PostgresServer server = PostgresServer.get();
        String database = server.newDatabase();
        URI url = URI.create(server.url(database).substring("jdbc:".length()));
        wire = new RoundTrips(url.getPort());
        String through = server.url(database).replace(":" + url.getPort() + "/", ":" + wire.port() + "/");
        kept = DriverManager.getConnection(through + "&sslmode=disable&gssEncMode=disable");
        // A pool of one connection that asks nothing of its own.
        Connection lent = proxy(
                Connection.class,
                (method, args) -> method.getName().equals("close") ? null : method.invoke(kept, args));
        connections = proxy(DataSource.class, (method, args) -> lent);
        ledger = JdbcLedger.builder(connections).createSchema().build();
        wire.take();
    }

    private interface Call {
        Object run(Method method, Object[] args) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        Object proxy = Proxy.newProxyInstance(
                PostgresRoundTripsTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    try {
                        return call.run(method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }

    @AfterEach
    void close() throws SQLException {
        kept.close();
        wire.close();
    }

    private int trips(Runnable call) {
        wire.take();
        call.run();
        return wire.take();
    }

    private static Update opening(int account) {
        return Update.of("open-" + account)
                .open(cell(account), "100.00", Limits.nonNegative())
                .build();
    }

    private static Update transfer(String key) {
        return Update.of(key).transfer(cell(1), cell(2), "0.01").build();
    }

    private void openTwo() {
        ledger.applyEach(List.of(opening(1), opening(2))).forEach(Outcome::orThrow);
    }

    private List<BalanceId> openAThousand() {
        ledger.applyEach(IntStream.rangeClosed(1, 1000)
                        .mapToObj(PostgresRoundTripsTest::opening)
                        .toList())
                .forEach(Outcome::orThrow);
        return IntStream.rangeClosed(1, 1000).mapToObj(BigBooks::cell).toList();
    }

    /** Each page, of whatever, is one wait; behind a cell one more, for the other cells of its account. */
    @Test
    void aPageOfAVerificationTakesOneRoundTripAndOneMoreBehindACell() {
        List<BalanceId> cells = openAThousand();
        AuditStore audit = Audits.of(connections, new PostgresDialect());
        List<AuditStore.EntryRange> ranges = LongStream.rangeClosed(1, 200)
                .mapToObj(n -> new AuditStore.EntryRange(1000 + n, 0, 1))
                .toList();
        List<AuditStore.EntryPlace> places =
                cells.stream().map(cell -> new AuditStore.EntryPlace(cell, 1)).toList();
        for (int i = 0; i < OFTEN; i++) {
            assertThat(trips(() -> pages(audit, ranges, places))).isEqualTo(9);
        }
    }

    private static void pages(
            AuditStore audit, List<AuditStore.EntryRange> ranges, List<AuditStore.EntryPlace> places) {
        try {
            List<CellRow> page = audit.cellRows("", null, "", null, true, 200, Audits.soon());
            assertThat(page).hasSize(200);
            audit.cellRows("", null, "", page.get(199).address(), true, 200, Audits.soon());
            audit.entryRows(ranges, 2000, Audits.soon());
            assertThat(audit.entryRowsAt("", places, Audits.soon()))
                    .hasSize(1000)
                    .doesNotContainNull();
            List<DecisionRow> decisions = audit.decisionRows("", null, 500, Audits.soon());
            assertThat(audit.decisionRows(
                            decisions.stream().map(DecisionRow::id).toList(), Audits.soon()))
                    .hasSize(500);
            audit.heldTwice("", List.of("one", "other"), Audits.soon());
            audit.countCells("", null, "", Audits.soon());
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theCounterCountsWhatWaits() throws SQLException {
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(trips(() -> {
                        for (String sql : List.of("SELECT 1", "SELECT 2", "SELECT repeat('x', 1000000)")) {
                            run(statement, sql);
                        }
                    }))
                    .isEqualTo(3);
            assertThat(trips(() -> run(statement, "SELECT 1; SELECT 2; SELECT repeat('x', 1000000); SELECT 4")))
                    .isEqualTo(1);
        }
    }

    private static void run(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What was missing is looked for again. The very first one fetches ids for cells and decisions on its way. */
    @Test
    void anOpeningTakesFour() {
        for (int i = 1; i <= OFTEN; i++) {
            int account = i;
            assertThat(trips(() -> ledger.apply(opening(account)).orThrow()))
                    .as("opening %d", i)
                    .isEqualTo(4);
        }
    }

    /** BEGIN with locks and look-ups, the writes, COMMIT. */
    @Test
    void anUpdateTakesThree() {
        openTwo();
        for (int i = 0; i < OFTEN; i++) {
            String key = "transfer-" + i;
            assertThat(trips(() -> ledger.apply(transfer(key)).orThrow()))
                    .as(key)
                    .isEqualTo(3);
        }
    }

    @Test
    void aNewBlockOfIdsTakesNoneOfItsOwn() {
        openTwo();
        List<Update> most =
                IntStream.range(0, 490).mapToObj(i -> transfer("a" + i)).toList();
        ledger.applyEach(most).forEach(Outcome::orThrow);
        ledger.applyEach(
                        IntStream.range(0, 500).mapToObj(i -> transfer("b" + i)).toList())
                .forEach(Outcome::orThrow);
        for (int i = 0; i < 20; i++) {
            String key = "next-" + i;
            assertThat(trips(() -> ledger.apply(transfer(key)).orThrow()))
                    .as(key)
                    .isEqualTo(3);
        }
    }

    @Test
    void aReplayTakesTwo() {
        openTwo();
        Applied first = ledger.apply(transfer("once")).orThrow();
        for (int i = 0; i < OFTEN; i++) {
            assertThat(trips(() -> assertThat(
                                    ledger.apply(transfer("once")).orThrow().receipt())
                            .isEqualTo(first.receipt())))
                    .isEqualTo(2);
        }
    }

    @Test
    void aRefusalTakesThree() {
        openTwo();
        for (int i = 0; i < OFTEN; i++) {
            Update tooMuch = Update.of("too-much-" + i).take(cell(1), "999.00").build();
            assertThat(trips(() -> assertThat(ledger.apply(tooMuch)).isInstanceOf(Rejected.class)))
                    .isEqualTo(3);
        }
    }

    @Test
    void aDecisionTakesFourAndItsReplayThree() {
        openTwo();
        for (int i = 0; i < OFTEN; i++) {
            String key = "decide-" + i;
            Runnable decide = () -> ledger.decide(
                            key,
                            "",
                            List.of(cell(1), cell(2)),
                            now -> now.update()
                                    .transfer(cell(1), cell(2), "0.01")
                                    .build())
                    .orThrow();
            assertThat(trips(decide)).isEqualTo(4);
            assertThat(trips(decide)).isEqualTo(3);
        }
    }

    /** They go in one group, and take as few as one update, but that the text is sent in two. */
    @Test
    void aThousandUpdatesTakeFour() {
        List<BalanceId> cells = openAThousand();
        for (int i = 0; i < OFTEN; i++) {
            String run = "run-" + i + "-";
            List<Update> each = IntStream.range(0, 1000)
                    .mapToObj(n -> Update.of(run + n)
                            .transfer(cells.get(n), cells.get((n + 1) % 1000), "0.01")
                            .reference(run + n)
                            .build())
                    .toList();
            assertThat(trips(() -> ledger.applyEach(each).forEach(Outcome::orThrow)))
                    .isEqualTo(4);
        }
    }

    @Test
    void anUpdateOfAThousandCellsTakesFour() {
        List<BalanceId> cells = openAThousand();
        for (int i = 0; i < OFTEN; i++) {
            Update.Builder wide = Update.of("wide-" + i);
            cells.forEach(cell -> wide.add(cell, "0.01"));
            assertThat(trips(() -> ledger.apply(wide.build()).orThrow())).isEqualTo(4);
        }
    }

    @Test
    void everyReadTakesOne() {
        AccountId[] accounts = openAThousand().stream().map(BalanceId::account).toArray(AccountId[]::new);
        for (int i = 0; i < OFTEN; i++) {
            assertThat(trips(() -> ledger.read(accounts[0]))).isEqualTo(1);
            assertThat(trips(() -> assertThat(ledger.read(accounts).cells()).hasSize(1000)))
                    .isEqualTo(1);
            assertThat(trips(() -> ledger.history(cell(1), PageRequest.first(100))))
                    .isEqualTo(1);
            assertThat(trips(() -> ledger.accounts("retainer", "", PageRequest.first(1000))))
                    .isEqualTo(1);
            assertThat(trips(() -> assertThat(ledger.find("open-1")).isPresent()))
                    .isEqualTo(1);
            assertThat(trips(() -> assertThat(ledger.find("nobody's")).isEmpty()))
                    .isEqualTo(1);
        }
    }

    @Test
    void aPostInTheCallersTransactionTakesSeven() throws SQLException {
        openTwo();
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < OFTEN; i++) {
                String key = "joined-" + i;
                assertThat(trips(() -> ledger.in(connection).post(transfer(key))))
                        .isEqualTo(7);
            }
            connection.commit();
        }
    }
}

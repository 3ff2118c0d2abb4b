package dev.counterfoil.benchmarks.rows;

import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;

/** The tables of a variant in a schema of their own, and the groups that are written to them. */
final class Bank implements AutoCloseable {
    static final int UPDATES = 50;

    private static final int CELLS = 20_000;
    private static final String SCOPE = "transfers";

    private final Connection connection;
    private final Keys keys;
    private final int cellsOfGroup;
    private final String lock;
    private final String write;
    private final List<Address> cells = new ArrayList<>();
    /** All banks are asked for the same. */
    private final Random random = new Random(20261122);

    private final long bytesLoaded;
    private long lastDecision;
    private long groups;

    /** Every group changes so many cells: the same two, or others each time. */
    Bank(PostgresServer server, String schema, Variant variant, int cellsOfGroup) throws SQLException, IOException {
        this.keys = variant.keys;
        this.cellsOfGroup = cellsOfGroup;
        lock = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE; " + keys.lock();
        write = String.join("; ", keys.insertDecisions(), keys.insertEntries(), keys.updateCells());
        connection = server.connect(schema);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
            statement.execute(variant.script());
        }
        load();
        bytesLoaded = bytes();
        connection.setAutoCommit(false);
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private void load() throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < CELLS; i++) {
            Address address = new Address(uuid());
            cells.add(address);
            Object[] rest = {"BALANCE", "EUR", 2, 0, 0, 1, SCOPE, uuid(), Instant.now()};
            rows.add(Values.join(keys.newCell(address, i), rest));
        }
        try (PreparedStatement statement = connection.prepareStatement(keys.insertCells())) {
            Values.bind(connection, statement, 0, rows);
            statement.executeUpdate();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE counterfoil_cell");
        }
    }

    /** Locks the cells in their order, and writes decisions, entries and cells in one round trip. */
    void group() throws SQLException {
        List<Integer> chosen = choose();
        BigDecimal[] amounts = new BigDecimal[chosen.size()];
        long[] versions = new long[chosen.size()];
        read(chosen, amounts, versions);
        long[] before = versions.clone();
        Instant now = Instant.now();
        List<Object[]> decisions = new ArrayList<>();
        List<Object[]> entries = new ArrayList<>();
        String[] lastKeys = new String[chosen.size()];
        for (int update = 0; update < UPDATES; update++) {
            String key = uuid();
            Object[] decision = keys.decision(SCOPE, key, ++lastDecision);
            StringBuilder detail = new StringBuilder("{\"entries\":[");
            for (int position = 0; position < 2; position++) {
                int which = (2 * update + position) % chosen.size();
                int cell = chosen.get(which);
                BigDecimal delta = BigDecimal.valueOf(random.nextInt(20_000) - 10_000, 2);
                amounts[which] = amounts[which].add(delta);
                versions[which]++;
                lastKeys[which] = key;
                Object[] entry = {versions[which], position, "ADD", delta, amounts[which], now};
                entries.add(Values.join(keys.cell(cells.get(cell), cell), decision, entry));
                detail.append(detail(cells.get(cell), delta, amounts[which]));
            }
            Object[] rest = {1, "0123456789abcdef".repeat(4), "APPLIED", 0, now, detail.append("]}")};
            Object[] id = keys == Keys.NATURAL ? new Object[0] : decision;
            decisions.add(Values.join(id, new Object[] {"shop", SCOPE, key}, rest));
        }
        List<Object[]> changes = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            Object[] change = {amounts[i], 0, versions[i], SCOPE, lastKeys[i], now, before[i]};
            changes.add(Values.join(change, keys.cell(cells.get(chosen.get(i)), chosen.get(i))));
        }
        write(decisions, entries, changes);
        connection.commit();
        groups++;
    }

    /** About as long as an entry in the product's receipt. */
    private static String detail(Address address, BigDecimal delta, BigDecimal amount) {
        return "{\"cell\":\"customer/" + address.accountId() + "/available\",\"delta\":\"" + delta + "\",\"amount\":\""
                + amount + "\"},";
    }

    /** Places in the list of cells. */
    private List<Integer> choose() {
        TreeSet<Integer> chosen = new TreeSet<>();
        while (chosen.size() < cellsOfGroup) {
            chosen.add(cellsOfGroup == 2 ? chosen.size() : random.nextInt(CELLS));
        }
        return new ArrayList<>(chosen);
    }

    private void read(List<Integer> chosen, BigDecimal[] amounts, long[] versions) throws SQLException {
        chosen.sort((a, b) -> cells.get(a).accountId().compareTo(cells.get(b).accountId()));
        List<Object[]> addresses =
                chosen.stream().map(i -> keys.address(cells.get(i))).toList();
        try (PreparedStatement statement = connection.prepareStatement(lock)) {
            Values.bind(connection, statement, 0, addresses);
            statement.execute();
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                for (int i = 0; i < amounts.length; i++) {
                    row.next();
                    amounts[i] = row.getBigDecimal("amount");
                    versions[i] = row.getLong("version");
                }
            }
        }
    }

    @SafeVarargs
    private void write(List<Object[]>... steps) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(write)) {
            int bound = 0;
            for (List<Object[]> rows : steps) {
                bound = Values.bind(connection, statement, bound, rows);
            }
            statement.execute();
            for (List<Object[]> rows : steps) {
                if (statement.getUpdateCount() != rows.size()) {
                    throw new IllegalStateException("not all rows were written");
                }
                statement.getMoreResults();
            }
        }
    }

    /** Ends in an exception unless every cell is the fold of its entries, and there are as many rows as were written. */
    void checkBooks() throws SQLException {
        String wrong = one("SELECT count(*) FROM counterfoil_cell c LEFT JOIN (SELECT " + keys.cellReference("e")
                + ", sum(delta) AS delta, count(*) AS entries FROM counterfoil_entry e GROUP BY "
                + keys.cellReference("e") + ") e ON (" + keys.cellKey("c") + ") = (" + keys.cellReference("e")
                + ") WHERE c.amount <> coalesce(e.delta, 0) OR c.version <> 1 + coalesce(e.entries, 0)");
        String found = one("SELECT (SELECT count(*) FROM counterfoil_decision) || ' ' || count(*) || ' '"
                + " || (sum(delta) = (SELECT sum(amount) FROM counterfoil_cell)) FROM counterfoil_entry");
        String expected = groups * UPDATES + " " + 2 * groups * UPDATES + " true";
        if (!wrong.equals("0") || !found.equals(expected)) {
            throw new IllegalStateException("the books do not agree: " + wrong + " cells are not the fold of their"
                    + " entries; decisions, entries, equal sums: " + found + " instead of " + expected);
        }
    }

    /** Of all tables and indexes. */
    private long bytes() throws SQLException {
        return Long.parseLong(one("SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                + " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"));
    }

    double bytesPerUpdate() throws SQLException {
        return (double) (bytes() - bytesLoaded) / (groups * UPDATES);
    }

    /** Of the cells and their indexes. */
    double cellMegabytes() throws SQLException {
        return Long.parseLong(one("SELECT pg_total_relation_size('counterfoil_cell')")) / 1e6;
    }

    double hotShare() throws SQLException {
        one("SELECT pg_stat_force_next_flush()");
        connection.commit();
        return Double.parseDouble(one("SELECT n_tup_hot_upd::float8 / n_tup_upd FROM pg_stat_user_tables"
                + " WHERE schemaname = current_schema() AND relname = 'counterfoil_cell'"));
    }

    /** What the server has written to its log so far. */
    long walPosition() throws SQLException {
        return Long.parseLong(one("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"));
    }

    long groups() {
        return groups;
    }

    private String one(String sql) throws SQLException {
        String value = PostgresServer.one(connection, sql);
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        return value;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

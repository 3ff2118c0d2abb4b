package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.BalanceTally;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerStore.CellHistory;
import dev.counterfoil.spi.Reading;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement after the other, in a transaction that somebody else has begun and ends. */
final class Reads implements ReadSql {
    /** Comes after every id: the greatest code point, which no id contains. */
    static final String GREATEST = Character.toString(Character.MAX_CODE_POINT);

    private final Dialect dialect;
    private final Tables tables;
    private final Rows rows;
    private final BalanceSums sums;

    Reads(Dialect dialect, Tables tables, Rows rows) {
        this.dialect = dialect;
        this.tables = tables;
        this.rows = rows;
        this.sums = new BalanceSums(dialect, tables);
    }

    @Override
    public Reading<List<Cell>> accounts(
            Connection connection, String namespace, List<AccountId> accounts, Deadline deadline) throws SQLException {
        return accounts(connection, namespace, accounts);
    }

    /** All cells of the accounts. */
    Reading<List<Cell>> accounts(Connection connection, String namespace, List<AccountId> accounts)
            throws SQLException {
        List<AccountId> sorted = new ArrayList<>(accounts);
        sorted.sort(Comparator.comparing(account -> new CellAddress(namespace, account, "")));
        List<Cell> cells = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(tables.selectAccount)) {
            for (AccountId account : sorted) {
                select.setString(1, namespace);
                select.setString(2, account.kind());
                select.setString(3, account.id());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        cells.add(rows.cell(row).cell());
                    }
                }
            }
        }
        return new Reading<>(cells, dialect.clock(connection));
    }

    @Override
    public Reading<Optional<CellHistory>> history(
            Connection connection, CellAddress address, long after, int limit, Deadline deadline) throws SQLException {
        Rows.Row cell = cell(connection, address);
        if (cell == null) {
            return new Reading<>(Optional.empty(), dialect.clock(connection));
        }
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(tables.selectEntries)) {
            select.setLong(1, cell.id());
            select.setLong(2, after);
            select.setInt(3, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(rows.entry(row, cell.cell().id()));
                }
            }
        }
        return new Reading<>(Optional.of(new CellHistory(cell.cell(), entries)), dialect.clock(connection));
    }

    private Rows.@Nullable Row cell(Connection connection, CellAddress address) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(tables.selectCell)) {
            select.setString(1, address.namespace());
            select.setString(2, address.account().kind());
            select.setString(3, address.account().id());
            select.setString(4, address.name());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? rows.cell(row) : null;
            }
        }
    }

    @Override
    public Reading<List<AccountId>> list(
            Connection connection,
            String namespace,
            String kind,
            String idPrefix,
            @Nullable String after,
            int limit,
            Deadline deadline)
            throws SQLException {
        List<AccountId> accounts = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(tables.listAccounts)) {
            bindList(select, 0, namespace, kind, idPrefix, after, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    accounts.add(AccountId.of(kind, row.getString(1)));
                }
            }
        }
        return new Reading<>(accounts, dialect.clock(connection));
    }

    @Override
    public Reading<List<TrialBalance.Line>> sums(
            Connection connection, String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws SQLException {
        BalanceTally tally = new BalanceTally();
        try (PreparedStatement select = connection.prepareStatement(sums.text(kind))) {
            BalanceSums.bind(select, 0, namespace, kind, idPrefix);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sums.add(tally, row);
                }
            }
        }
        return new Reading<>(tally.lines(), dialect.clock(connection));
    }

    /** Binds what {@link Tables#listAccounts} wants; the number of parameters bound so far. */
    static int bindList(
            PreparedStatement select,
            int bound,
            String namespace,
            String kind,
            String idPrefix,
            @Nullable String after,
            int limit)
            throws SQLException {
        select.setString(bound + 1, namespace);
        select.setString(bound + 2, kind);
        select.setString(bound + 3, idPrefix);
        select.setString(bound + 4, idPrefix + GREATEST);
        select.setString(bound + 5, after == null ? "" : after);
        select.setInt(bound + 6, limit);
        return bound + 6;
    }
}

package dev.counterfoil.admin;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.CellKind;
import dev.counterfoil.JournalId;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.admin.Names.CellName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Finds out what a cell is, by its name: its kind and unit, which an operator should not have to write. It reads nothing else of
 * the row, so that a damaged amount does not matter.
 */
final class CellLookUp {
    private static final String BY_ADDRESS =
            " WHERE namespace = ? AND account_kind = ? AND account_id = ? AND name = ?";

    private final Books.Opener connections;
    private final String table;
    private final String namespace;

    /**
     * A look-up.
     *
     * @param table the name of the table of cells, as statements have it
     */
    CellLookUp(Books.Opener connections, String table, String namespace) {
        this.connections = connections;
        this.table = table;
        this.namespace = namespace;
    }

    /** The cell; a NoException where it is not there. */
    CellId find(CellName cell) throws SQLException {
        return look(cell).orElseThrow(() -> new NoException(notThere(cell)));
    }

    private static String notThere(CellName cell) {
        return "there is no cell " + Plain.text(cell.name()) + " in account "
                + Plain.text(cell.account().toString())
                + (cell.account().id().contains(":") ? " (of a cell whose name has a colon, write --cell NAME)" : "");
    }

    private Optional<CellId> look(CellName cell) throws SQLException {
        try (Connection connection = connections.open();
                PreparedStatement select =
                        connection.prepareStatement("SELECT kind, unit, scale FROM " + table + BY_ADDRESS)) {
            bind(select, cell);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(id(cell, row)) : Optional.empty();
            }
        }
    }

    /** What the row of the cell says, as text: it need not be what a ledger can read. */
    Standing stands(CellName cell) throws SQLException {
        try (Connection connection = connections.open();
                PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table + BY_ADDRESS)) {
            bind(select, cell);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new NoException(notThere(cell));
                }
                return new Standing(
                        row.getString("amount"),
                        row.getString("value"),
                        row.getString("records"),
                        row.getString("version"));
            }
        }
    }

    private void bind(PreparedStatement select, CellName cell) throws SQLException {
        select.setString(1, namespace);
        select.setString(2, cell.account().kind());
        select.setString(3, cell.account().id());
        select.setString(4, cell.name());
    }

    private static CellId id(CellName cell, ResultSet row) throws SQLException {
        AccountId account = cell.account();
        return switch (CellKind.valueOf(row.getString(1))) {
            case BALANCE -> new BalanceId(account, cell.name(), Unit.of(row.getString(2), row.getInt(3)));
            case REGISTER -> new RegisterId(account, cell.name());
            case JOURNAL -> new JournalId(account, cell.name());
        };
    }
}

package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables' names, and the statements that all databases share. */
final class Tables {
    static final String BY_ADDRESS = " WHERE namespace = ? AND account_kind = ? AND account_id = ? AND name = ?";

    final String meta;
    final String cell;
    final String decision;
    final String entry;
    final String checkpoint;
    final String cellAddress;
    final String cellBlock;
    final String decisionBlock;
    final String cellColumns;
    final String decisionColumns;
    final String entryColumns;

    /** A cell by its address. */
    final String selectCell;

    /** The columns of a cell that change, each with its place for a value, of the cell with an id and a version. */
    final String updateCell;

    final String selectAccount;
    final String selectEntries;
    final String listAccounts;
    private final String entriesWithKeys;

    Tables(Dialect dialect, Names names) {
        meta = names.quoted("meta");
        cell = names.quoted("cell");
        decision = names.quoted("decision");
        entry = names.quoted("entry");
        checkpoint = names.quoted("checkpoint");
        cellAddress = dialect.table(names.prefix() + "cell_address");
        cellBlock = names.quoted("cell_block");
        decisionBlock = names.quoted("decision_block");
        cellColumns = columns(dialect, Rows.CELL_COLUMNS);
        decisionColumns = columns(dialect, Rows.DECISION_COLUMNS);
        entryColumns = columns(dialect, Rows.ENTRY_COLUMNS);
        selectCell = "SELECT " + cellColumns + " FROM " + cell + BY_ADDRESS;
        updateCell = "UPDATE " + cell + " SET "
                + columns(dialect, Rows.CHANGING_COLUMNS).replace(",", " = ?,")
                + " = ? WHERE id = ? AND version = ?";
        selectAccount = "SELECT " + cellColumns + " FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id = ? ORDER BY "
                + dialect.inBinaryOrder("name");
        entriesWithKeys = "SELECT "
                + of("e", columns(dialect, "sequence, position, type, delta, amount, minimum, maximum, forced, value"))
                + ", " + of("e", "payload, records, recorded_at") + ", "
                + of("d", columns(dialect, "scope, key, effective_at")) + " FROM " + entry + " e JOIN " + decision
                + " d ON d.id = e.decision_id WHERE ";
        selectEntries = selectEntries("e.cell_id = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?");
        String id = dialect.inBinaryOrder("account_id");
        String bound = dialect.inBinaryOrder("?");
        listAccounts = "SELECT DISTINCT account_id" + (id.equals("account_id") ? "" : ", " + id) + " FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND " + id + " >= " + bound + " AND " + id + " < " + bound
                + " AND " + id + " > " + bound + " ORDER BY " + id + " LIMIT ?";
    }

    /** The entries e of which something is true, with the keys of their decisions d. */
    String selectEntries(String condition) {
        return entriesWithKeys + condition;
    }

    /** Names as a database wants them. */
    static String columns(Dialect dialect, String names) {
        return Arrays.stream(names.split(", ", -1)).map(dialect::column).collect(Collectors.joining(", "));
    }

    /** Names with the alias of their table. */
    static String of(String alias, String columns) {
        return alias + "." + columns.replace(", ", ", " + alias + ".");
    }

    /**
     * PostgreSQL: what joins cells c with rows w that have the same columns. By an array the first of them, which tells no
     * order: where both sides had one the server would read all cells in their order as long as it believes them few.
     */
    static String matchEach(String columns) {
        String[] names = columns.split(", ", -1);
        return IntStream.range(0, names.length)
                .mapToObj(i -> "c." + names[i] + " = " + (i == 0 ? "ANY (ARRAY[w." + names[i] + "])" : "w." + names[i]))
                .collect(Collectors.joining(" AND "));
    }

    /** PostgreSQL: the order of rows w in which cells are locked, by bytes as their columns have it. */
    static String inOrder(String columns) {
        return Arrays.stream(columns.split(", ", -1))
                .map(name -> "w." + name + " COLLATE \"C\"")
                .collect(Collectors.joining(", "));
    }
}

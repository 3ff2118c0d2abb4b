package dev.counterfoil.jdbc.internal;

/** The tables' names, and the statements that all databases share. */
final class Tables {
    final String cell;
    final String decision;
    final String entry;
    final String selectCell;
    final String selectAccount;
    final String selectEntries;
    final String listAccounts;

    Tables(Names names) {
        cell = names.quoted("cell");
        decision = names.quoted("decision");
        entry = names.quoted("entry");
        selectCell = "SELECT " + Rows.CELL_COLUMNS + " FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id = ? AND name = ?";
        selectAccount = "SELECT " + Rows.CELL_COLUMNS + " FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id = ? ORDER BY name";
        selectEntries =
                "SELECT e.sequence, e.position, e.type, e.delta, e.amount, e.minimum, e.maximum, e.forced, e.value,"
                        + " e.payload, e.records, e.recorded_at, d.scope, d.key, d.effective_at FROM " + entry
                        + " e JOIN "
                        + decision
                        + " d ON d.id = e.decision_id WHERE e.cell_id = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?";
        listAccounts = "SELECT DISTINCT account_id FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id >= ? AND account_id < ? AND account_id > ?"
                + " ORDER BY account_id LIMIT ?";
    }
}

package dev.counterfoil.benchmarks.rows;

import java.util.Collections;
import java.util.List;

/** How rows name a cell and a decision: the columns and the values that differ, and the statements made of them. */
enum Keys {
    /** As the product does: entries hold two numbers. */
    IDS,
    /** No numbers: entries hold the address and the key as text. */
    NATURAL,
    /** As the product does, but the address is one text. */
    ONE_TEXT;

    private static final String CHANGING = "amount, closed, version, last_scope, last_key, last_at";
    private static final String CHANGING_TYPES = "numeric, integer, bigint, text, text, timestamptz";

    String addressColumns() {
        return this == ONE_TEXT ? "address" : "namespace, account_kind, account_id, name";
    }

    Object[] address(Address address) {
        return this == ONE_TEXT
                ? new Object[] {String.join("|", address.texts())}
                : address.texts().toArray();
    }

    /** Of the cell, in its own table. */
    String cellKey(String alias) {
        return this == NATURAL ? of(alias, addressColumns()) : alias + ".id";
    }

    /** Of the cell, in entries. */
    String cellReference(String alias) {
        return of(alias, this == NATURAL ? addressColumns() : "cell_id");
    }

    Object[] cell(Address address, long id) {
        return this == NATURAL ? address(address) : new Object[] {id};
    }

    /** The cell's columns before those that change. */
    Object[] newCell(Address address, long id) {
        return this == NATURAL ? address(address) : Values.join(new Object[] {id}, address(address));
    }

    Object[] decision(String scope, String key, long id) {
        return this == NATURAL ? new Object[] {scope, key} : new Object[] {id};
    }

    String lock() {
        String address = addressColumns();
        return "SELECT c.* FROM " + unnest(types("text", address)) + " AS w (" + address
                + ") JOIN counterfoil_cell c USING (" + address + ") ORDER BY " + of("c", address)
                + " FOR NO KEY UPDATE OF c";
    }

    String insertCells() {
        String id = this == NATURAL ? "" : "id, ";
        String idType = this == NATURAL ? "" : "bigint, ";
        return insert(
                "counterfoil_cell",
                id + addressColumns() + ", kind, unit, scale, " + CHANGING,
                idType + types("text", addressColumns()) + ", text, text, integer, " + CHANGING_TYPES);
    }

    String insertDecisions() {
        return insert(
                "counterfoil_decision",
                (this == NATURAL ? "" : "id, ") + "namespace, scope, key, fingerprint_version, fingerprint, outcome,"
                        + " balanced, recorded_at, detail",
                (this == NATURAL ? "" : "bigint, ")
                        + "text, text, text, integer, text, text, integer, timestamptz, text");
    }

    String insertEntries() {
        String cell = this == NATURAL ? addressColumns() : "cell_id";
        String decision = this == NATURAL ? "scope, key" : "decision_id";
        String type = this == NATURAL ? "text" : "bigint";
        return insert(
                "counterfoil_entry",
                cell + ", " + decision + ", sequence, position, type, delta, amount, recorded_at",
                types(type, cell) + ", " + types(type, decision)
                        + ", bigint, integer, text, numeric, numeric, timestamptz");
    }

    String updateCells() {
        String key = this == NATURAL ? addressColumns() : "id";
        String keyTypes = types(this == NATURAL ? "text" : "bigint", key);
        return "UPDATE counterfoil_cell c SET (" + CHANGING + ") = ROW (" + of("w", CHANGING) + ") FROM "
                + unnest(CHANGING_TYPES + ", bigint, " + keyTypes) + " AS w (" + CHANGING + ", version_before, " + key
                + ") WHERE (" + cellKey("c") + ") = (" + cellKey("w") + ") AND c.version = w.version_before";
    }

    private static String insert(String table, String columns, String types) {
        return "INSERT INTO " + table + " (" + columns + ") SELECT * FROM " + unnest(types);
    }

    private static String unnest(String types) {
        return "unnest(" + types.replaceAll("[a-z]+", "?::text[]::$0[]") + ")";
    }

    private static String types(String type, String columns) {
        return String.join(", ", Collections.nCopies(list(columns).size(), type));
    }

    private static String of(String alias, String columns) {
        return alias + "." + String.join(", " + alias + ".", list(columns));
    }

    private static List<String> list(String columns) {
        return List.of(columns.split(", ", -1));
    }
}

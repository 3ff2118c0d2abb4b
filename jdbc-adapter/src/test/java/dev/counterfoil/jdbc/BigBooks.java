package dev.counterfoil.jdbc;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Unit;
import java.sql.SQLException;

/**
 * Books with a million entries in PostgreSQL, written by the server itself in seconds: {@value #ACCOUNTS} accounts of one kind
 * with five entries each, and a tall one with {@value #TALL}. The tables are as a load leaves them: never vacuumed, never
 * analysed.
 */
final class BigBooks {
    static final int ACCOUNTS = 100_000;
    static final int TALL = 500_000;
    static final Unit SAR = Unit.of("SAR", 2);

    private static final int DECISIONS = 300_000;

    private BigBooks() {}

    /** One of the accounts, from 1. */
    static BalanceId cell(int account) {
        return AccountId.of("retainer", id(account)).balance("available", SAR);
    }

    static BalanceId tall() {
        return cell(ACCOUNTS + 1);
    }

    /** As wide for each, so that they sort like numbers. */
    static String id(int account) {
        return String.format("r%06d", account);
    }

    /** One of the keys, from 1; every tenth has a reference, every hundredth reverses another. */
    static String key(int decision) {
        return "loaded-" + decision;
    }

    /** Before the first row: nobody looks at the tables by himself, so that a test says what the server knows of them. */
    static void prepare(PlainSql sql) throws SQLException {
        for (String table : new String[] {"cell", "decision", "entry"}) {
            sql.run("ALTER TABLE counterfoil_" + table + " SET (autovacuum_enabled = false)");
        }
        // What the library writes meanwhile has other ids than what will be loaded.
        sql.run("SELECT setval('counterfoil_cell_block', 1000), setval('counterfoil_decision_block', 1000)");
    }

    /** Fills tables that the library made; what is in them already stays. */
    static void load(PlainSql sql) throws SQLException {
        sql.run(
                "INSERT INTO counterfoil_cell (id, namespace, account_kind, account_id, name, kind, unit, scale, amount,"
                        + " minimum, closed, version, last_scope, last_key, last_at)"
                        + " SELECT n, '', 'retainer', 'r' || lpad(n::text, 6, '0'), 'available', 'BALANCE', 'SAR', 2,"
                        + " 1000000, 0, 0, CASE n WHEN " + (ACCOUNTS + 1) + " THEN " + TALL + " ELSE 5 END,"
                        + " '', 'loaded-1', timestamptz '2026-01-01' FROM generate_series(1, " + (ACCOUNTS + 1) + ") n",
                "INSERT INTO counterfoil_decision (id, namespace, scope, key, fingerprint_version, fingerprint, outcome,"
                        + " reference, reverses_scope, reverses_key, balanced, recorded_at, detail)"
                        + " SELECT n, '', '', 'loaded-' || n, 1, repeat('0', 64), 'APPLIED',"
                        + " CASE WHEN n % 10 = 0 THEN 'reference-' || n END, CASE WHEN n % 100 = 1 THEN '' END,"
                        + " CASE WHEN n % 100 = 1 THEN 'loaded-' || n - 1 END, 0, timestamptz '2026-01-01',"
                        + " '{\"entries\":[]}' FROM generate_series(1, " + DECISIONS + ") n",
                // The accounts' entries come in turn, and those of the tall one between them.
                "INSERT INTO counterfoil_entry (cell_id, sequence, decision_id, position, type, delta, amount, recorded_at)"
                        + " SELECT CASE n % 2 WHEN 0 THEN " + (ACCOUNTS + 1) + " ELSE 1 + (n / 2) % " + ACCOUNTS
                        + " END,"
                        + " CASE n % 2 WHEN 0 THEN 1 + n / 2 ELSE 1 + (n / 2) / " + ACCOUNTS + " END,"
                        + " 1 + (n::bigint * 7919) % " + DECISIONS + ", 0, 'INCREMENT', 1, 1, timestamptz '2026-01-01'"
                        + " FROM generate_series(0, " + (2L * TALL - 1) + ") n");
    }

    /** The server knows nothing of the tables but their size, as after a load. */
    static void forget(PlainSql sql) throws SQLException {
        sql.run(
                "DELETE FROM pg_statistic WHERE starelid::regclass::text LIKE 'counterfoil%'",
                "UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relname LIKE 'counterfoil%' AND relkind = 'r'");
    }

    static void analyze(PlainSql sql) throws SQLException {
        sql.run("ANALYZE counterfoil_cell, counterfoil_decision, counterfoil_entry");
    }
}

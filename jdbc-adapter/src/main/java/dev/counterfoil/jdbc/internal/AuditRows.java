package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Key;
import dev.counterfoil.Reason;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.CellRow.CellState;
import dev.counterfoil.spi.CellRow.Checkpoint;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows as they stand, which nobody has checked: what the tables of a damaged ledger may hold. */
final class AuditRows {
    private static final String STATE = "version, amount, minimum, maximum, value, records, closed";

    /** The columns of a checkpoint that are its own. */
    static final String CHECKPOINT_COLUMNS = "cell_id, " + STATE + ", checked_at";

    private final Dialect dialect;

    /** Of a cell c. */
    final String cellColumns;

    /** Of a checkpoint k, each under a name of its own. */
    final String checkpointColumns;

    /** Of an entry e of a cell c with a decision d; both may be missing. */
    final String entryColumns;

    /** Of a decision d. */
    final String decisionColumns;

    AuditRows(Dialect dialect) {
        this.dialect = dialect;
        cellColumns = Tables.of(
                "c",
                Tables.columns(
                        dialect,
                        "id, account_kind, account_id, name, kind, unit, scale, " + STATE
                                + ", last_scope, last_key, last_at"));
        StringBuilder checkpoint = new StringBuilder();
        for (String name : STATE.split(", ", -1)) {
            checkpoint
                    .append(", k.")
                    .append(dialect.column(name))
                    .append(" AS k_")
                    .append(name);
        }
        checkpointColumns = checkpoint.toString();
        entryColumns = Tables.of(
                        "e",
                        Tables.columns(
                                dialect,
                                "cell_id, sequence, decision_id, position, type, delta,"
                                        + " amount, minimum, maximum, forced, value, records, recorded_at"))
                + ", c.scale, " + Tables.of("d", Tables.columns(dialect, "scope, key, outcome"));
        decisionColumns = Tables.of(
                "d",
                Tables.columns(
                        dialect, "id, scope, key, outcome, reference, reverses_scope, reverses_key, balanced, detail"));
    }

    CellRow cell(ResultSet row, boolean withCheckpoint) throws SQLException {
        long id = row.getLong("id");
        Integer scale = integer(row, "scale");
        return new CellRow(
                id,
                text(row, "account_kind"),
                text(row, "account_id"),
                text(row, "name"),
                text(row, "kind"),
                row.getString("unit"),
                scale,
                state(row, "", scale),
                row.getLong("version"),
                text(row, "last_scope"),
                text(row, "last_key"),
                time(row, "last_at"),
                withCheckpoint ? checkpoint(row, id, scale) : null);
    }

    private static @Nullable Checkpoint checkpoint(ResultSet row, long cellId, @Nullable Integer scale)
            throws SQLException {
        Long version = number(row, "k_version");
        return version == null ? null : new Checkpoint(cellId, version, state(row, "k_", scale));
    }

    private static CellState state(ResultSet row, String prefix, @Nullable Integer scale) throws SQLException {
        return new CellState(
                amount(row, prefix + "amount", scale),
                amount(row, prefix + "minimum", scale),
                amount(row, prefix + "maximum", scale),
                row.getString(prefix + "value"),
                number(row, prefix + "records"),
                row.getInt(prefix + "closed") != 0);
    }

    EntryRow entry(ResultSet row) throws SQLException {
        Integer scale = integer(row, "scale");
        return new EntryRow(
                row.getLong("cell_id"),
                row.getLong("sequence"),
                row.getLong("decision_id"),
                row.getInt("position"),
                text(row, "type"),
                amount(row, "delta", scale),
                amount(row, "amount", scale),
                amount(row, "minimum", scale),
                amount(row, "maximum", scale),
                row.getString("forced"),
                row.getString("value"),
                number(row, "records"),
                time(row, "recorded_at"),
                row.getString("scope"),
                row.getString("key"),
                row.getString("outcome"));
    }

    DecisionRow decision(ResultSet row) throws SQLException {
        String outcome = text(row, "outcome");
        String scope = text(row, "scope");
        String key = text(row, "key");
        String detail = row.getString("detail");
        List<ReceiptEntry> entries = null;
        String unreadable = null;
        try {
            entries = detail == null ? null : entries(outcome, detail, scope, key);
        } catch (RuntimeException | StackOverflowError e) {
            unreadable = "the details cannot be read: " + e.getClass().getSimpleName();
        }
        return new DecisionRow(
                row.getLong("id"),
                scope,
                key,
                outcome,
                row.getString("reference"),
                row.getString("reverses_scope"),
                row.getString("reverses_key"),
                row.getInt("balanced") != 0,
                entries,
                unreadable);
    }

    private static List<ReceiptEntry> entries(String outcome, String detail, String scope, String key) {
        if (outcome.equals(DecisionCodec.APPLIED)) {
            return DecisionCodec.entries(detail);
        }
        // Read for whether it can be.
        DecisionCodec.refusal(Reason.valueOf(outcome), detail, Key.of(scope, key), Instant.EPOCH);
        return List.of();
    }

    /** The time in a column; null where it cannot be read. */
    @Nullable
    Instant time(ResultSet row, String column) throws SQLException {
        try {
            return dialect.time(row, column);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? null : number;
    }

    /** As the column has it where that is a text; of a number without the zeros that its column adds to those of the unit. */
    private static @Nullable String amount(ResultSet row, String column, @Nullable Integer scale) throws SQLException {
        Object value = row.getObject(column);
        if (!(value instanceof BigDecimal number)) {
            return value == null ? null : value.toString();
        }
        int digits = scale == null ? 0 : Math.max(0, scale);
        if (number.scale() > digits) {
            BigDecimal stripped = number.stripTrailingZeros();
            number = stripped.scale() < digits ? stripped.setScale(digits) : stripped;
        }
        return number.toPlainString();
    }

    /** The values of {@link #CHECKPOINT_COLUMNS} but the last. */
    static @Nullable Object[] values(Checkpoint checkpoint) {
        CellState state = checkpoint.state();
        return new @Nullable Object[] {
            checkpoint.cellId(),
            checkpoint.version(),
            state.amount(),
            state.minimum(),
            state.maximum(),
            state.value(),
            state.records(),
            state.closed() ? 1 : 0
        };
    }

    /** How many entries a range has, if none is missing and none is there twice. */
    static long width(EntryRange range) {
        return Math.max(0, range.upTo() - Math.max(0, range.after()));
    }
}

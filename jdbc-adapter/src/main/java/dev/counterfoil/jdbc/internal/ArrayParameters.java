package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.ReferenceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL: rows as parameters, an array for each column with a value for each row. */
final class ArrayParameters {
    /** What a value takes on its way beside its characters. */
    private static final int LENGTH_OF_VALUE = 4;

    private ArrayParameters() {}

    /** Every array is sent as text and cast by the server, which reads each value as it would in a literal. */
    static String unnest(String types) {
        return "unnest(" + types.replaceAll("[a-z]+", "?::text[]::$0[]") + ")";
    }

    /** Binds addresses of cells in four arrays; the number of parameters bound so far. */
    static int bind(Connection connection, PreparedStatement statement, int bound, Collection<CellAddress> cells)
            throws SQLException {
        return bindRows(connection, statement, bound, 4, addresses(cells));
    }

    /** Binds keys in three arrays, references in two, and the keys of reversed updates in three. */
    static int bind(Connection connection, PreparedStatement statement, int bound, Needs needs) throws SQLException {
        int next = bindRows(connection, statement, bound, 3, keys(needs.decisions()));
        next = bindRows(connection, statement, next, 2, references(needs));
        return bindRows(connection, statement, next, 3, keys(needs.reversals()));
    }

    /** How many characters they take on their way. */
    static long characters(Collection<CellAddress> cells, Needs needs) {
        return characters(addresses(cells))
                + characters(keys(needs.decisions()))
                + characters(references(needs))
                + characters(keys(needs.reversals()));
    }

    private static long characters(List<@Nullable Object[]> values) {
        long characters = 0;
        for (@Nullable Object[] row : values) {
            for (Object value : row) {
                characters += LENGTH_OF_VALUE + String.valueOf(value).length();
            }
        }
        return characters;
    }

    private static List<@Nullable Object[]> addresses(Collection<CellAddress> cells) {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (CellAddress cell : cells) {
            values.add(new @Nullable Object[] {
                cell.namespace(), cell.account().kind(), cell.account().id(), cell.name()
            });
        }
        return values;
    }

    private static List<@Nullable Object[]> references(Needs needs) {
        List<@Nullable Object[]> references = new ArrayList<>();
        for (ReferenceId id : needs.references()) {
            references.add(new @Nullable Object[] {id.namespace(), id.reference()});
        }
        return references;
    }

    private static List<@Nullable Object[]> keys(Collection<DecisionId> ids) {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (DecisionId id : ids) {
            values.add(new @Nullable Object[] {
                id.namespace(), id.key().scope(), id.key().value()
            });
        }
        return values;
    }

    /** Binds a column after the other. */
    static int bindRows(
            Connection connection, PreparedStatement statement, int bound, int columns, List<@Nullable Object[]> rows)
            throws SQLException {
        for (int column = 0; column < columns; column++) {
            @Nullable String[] array = new @Nullable String[rows.size()];
            for (int row = 0; row < array.length; row++) {
                Object value = rows.get(row)[column];
                array[row] = value == null ? null : value.toString();
            }
            statement.setArray(bound + column + 1, connection.createArrayOf("text", array));
        }
        return bound + columns;
    }
}

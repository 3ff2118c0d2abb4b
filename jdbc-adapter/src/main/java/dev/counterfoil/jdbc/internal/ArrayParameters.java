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

/** PostgreSQL: rows as parameters, each as it is, or an array for each column with a value for each row. */
final class ArrayParameters {
    /** What a value takes on its way beside its characters. */
    private static final int LENGTH_OF_VALUE = 4;

    private ArrayParameters() {}

    /** Binds addresses of cells for a {@link RowsText}; the number of parameters bound so far. */
    static int bind(Connection connection, PreparedStatement statement, int bound, Collection<CellAddress> cells)
            throws SQLException {
        return RowsText.areFew(cells.size())
                ? bindEach(statement, bound, addresses(cells))
                : bindArrays(connection, statement, bound, 4, addresses(cells));
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

    static List<@Nullable Object[]> references(Needs needs) {
        List<@Nullable Object[]> references = new ArrayList<>();
        for (ReferenceId id : needs.references()) {
            references.add(new @Nullable Object[] {id.namespace(), id.reference()});
        }
        return references;
    }

    static List<@Nullable Object[]> keys(Collection<DecisionId> ids) {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (DecisionId id : ids) {
            values.add(new @Nullable Object[] {
                id.namespace(), id.key().scope(), id.key().value()
            });
        }
        return values;
    }

    /** Binds a row after the other. */
    static int bindEach(PreparedStatement statement, int bound, List<@Nullable Object[]> rows) throws SQLException {
        int next = bound;
        for (@Nullable Object[] row : rows) {
            for (Object value : row) {
                next++;
                statement.setString(next, value == null ? null : value.toString());
            }
        }
        return next;
    }

    /** Binds a column after the other, each in an array. */
    static int bindArrays(
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

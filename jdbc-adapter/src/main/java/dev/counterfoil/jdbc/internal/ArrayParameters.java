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
import java.util.Objects;
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
                statement.setString(next, text(value));
            }
        }
        return next;
    }

    /**
     * Binds a column after the other: an array, and what all rows behind its end have, so that it is sent and read once. Of
     * null there need be none, because the server takes what is missing for null.
     */
    static int bindArrays(
            Connection connection, PreparedStatement statement, int bound, int columns, List<@Nullable Object[]> rows)
            throws SQLException {
        int next = bound;
        for (int column = 0; column < columns; column++) {
            int own = rows.size();
            Object last = own == 0 ? null : rows.get(own - 1)[column];
            while (own > 0 && Objects.equals(rows.get(own - 1)[column], last)) {
                own--;
            }
            statement.setArray(++next, connection.createArrayOf("text", column(rows.subList(0, own), column)));
            statement.setString(++next, text(last));
            statement.setInt(++next, last == null ? 0 : rows.size() - own);
        }
        return next;
    }

    private static @Nullable String[] column(List<@Nullable Object[]> rows, int column) {
        @Nullable String[] values = new @Nullable String[rows.size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = text(rows.get(row)[column]);
        }
        return values;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}

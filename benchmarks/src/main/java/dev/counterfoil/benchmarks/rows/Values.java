package dev.counterfoil.benchmarks.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** Rows on their way into a statement: a column after the other, each an array of texts, as the product sends them. */
final class Values {
    private Values() {}

    static Object[] join(Object[]... parts) {
        return Arrays.stream(parts).flatMap(Arrays::stream).toArray();
    }

    /** The number of parameters bound so far. */
    static int bind(Connection connection, PreparedStatement statement, int bound, List<Object[]> rows)
            throws SQLException {
        int columns = rows.get(0).length;
        for (int column = 0; column < columns; column++) {
            String[] array = new String[rows.size()];
            for (int row = 0; row < array.length; row++) {
                array[row] = rows.get(row)[column].toString();
            }
            statement.setArray(bound + column + 1, connection.createArrayOf("text", array));
        }
        return bound + columns;
    }
}

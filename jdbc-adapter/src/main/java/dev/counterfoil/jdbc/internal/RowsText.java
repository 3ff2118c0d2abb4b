package dev.counterfoil.jdbc.internal;

import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * PostgreSQL: a statement about rows that it gets as parameters.
 *
 * @param many for any number of them, in arrays
 * @param few for one row, for two, and so on, which go as they are: that is less work on both sides
 */
record RowsText(String many, List<String> few) {
    /** Up to this many rows go as they are. */
    private static final int FEW = 4;

    /**
     * A column: its first values in an array, then one that all the other rows have, and how many they are. Values are sent as
     * text and cast by the server, which reads each as it would in a literal.
     */
    private static final String ARRAY = "?::text[]::$0[] || array_fill(?::$0, ARRAY[?::integer])";

    /** True where so many go as they are. */
    static boolean areFew(int rows) {
        return rows > 0 && rows <= FEW;
    }

    /** For so many rows. */
    String of(int rows) {
        return areFew(rows) ? few.get(rows - 1) : many;
    }

    /** One that reads from the rows. */
    static RowsText from(String before, String types, String after) {
        return new RowsText(
                before + "(" + each(types) + ")" + after,
                few(types, values -> before + "(VALUES " + values + ")" + after));
    }

    /** One that inserts the rows. */
    static RowsText insert(String table, String columns, String types) {
        String insert = "INSERT INTO " + table + " (" + columns + ") ";
        return new RowsText(insert + each(types), few(types, values -> insert + "VALUES " + values));
    }

    /**
     * A row for each place of the arrays. In a list of columns the server takes the arrays apart side by side; in FROM it
     * first writes each of them down as a table.
     */
    static String each(String types) {
        return "SELECT " + types.replaceAll("[a-z]+", "unnest(" + ARRAY + ")");
    }

    /** The same in FROM, where rows can be numbered. */
    static String unnest(String types) {
        return "unnest(" + arrays(types) + ")";
    }

    /** The arrays alone. */
    static String arrays(String types) {
        return types.replaceAll("[a-z]+", ARRAY);
    }

    private static List<String> few(String types, UnaryOperator<String> text) {
        String row = "(" + types.replaceAll("[a-z]+", "?::$0") + ")";
        return IntStream.rangeClosed(1, FEW)
                .mapToObj(n -> text.apply(String.join(", ", Collections.nCopies(n, row))))
                .toList();
    }
}

package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Statements with many rows of values, cut into as many as the server takes of them at a time. */
final class ManyRows {
    /** From 1,000 on MariaDB makes a join of a list, which locks in an order of its own. */
    private static final int MOST_ROWS = 900;

    /** A server refuses a statement above its max_allowed_packet, 16 MiB by default, by cutting the link. */
    private static final long MOST_BYTES = 4L * 1024 * 1024;

    private static final long LONGEST_NUMBER = 24;

    /** Not worth looking at: taken for as long as so many characters can be. */
    private static final int SHORT_TEXT = 1024;

    /** A row alone may have this many. */
    private static final long LONGEST_ROW = 15L * 1024 * 1024;

    /** The place of the version among the columns of a cell that change. */
    private static final int VERSION =
            List.of(Rows.CHANGING_COLUMNS.split(", ")).indexOf("version");

    private final String cells;

    ManyRows(String quotedCellTable) {
        cells = quotedCellTable;
    }

    interface Reader {
        void read(ResultSet row) throws SQLException;
    }

    /** Runs a query whose text ends where a list of rows begins; nothing where there are none. */
    void select(Connection connection, String begin, List<@Nullable Object[]> wanted, String end, Reader reader)
            throws SQLException {
        for (int from = 0; from < wanted.size(); from += MOST_ROWS) {
            List<@Nullable Object[]> part = wanted.subList(from, Math.min(wanted.size(), from + MOST_ROWS));
            try (PreparedStatement statement = prepare(connection, begin, part, end);
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.read(row);
                }
            }
        }
    }

    /** Inserts rows, in order; without the columns that all of them leave null, which the server would read in each row. */
    void insert(Connection connection, String table, String columns, List<@Nullable Object[]> rows)
            throws SQLException {
        String[] names = columns.split(", ", -1);
        int[] used = IntStream.range(0, names.length)
                .filter(column -> rows.stream().anyMatch(row -> row[column] != null))
                .toArray();
        String begin = Arrays.stream(used)
                .mapToObj(column -> names[column])
                .collect(Collectors.joining(", ", "INSERT INTO " + table + " (", ") VALUES "));
        for (int from = 0; from < rows.size(); ) {
            int to = endOfStatement(rows, from);
            List<@Nullable Object[]> part = rows.subList(from, to).stream()
                    .map(row ->
                            Arrays.stream(used).mapToObj(column -> row[column]).toArray())
                    .toList();
            try (PreparedStatement statement = prepare(connection, begin, part, "")) {
                check(statement.executeUpdate() == to - from);
            }
            from = to;
        }
    }

    private static int endOfStatement(List<@Nullable Object[]> rows, int from) {
        long bytes = 0;
        int to = from;
        while (to < rows.size() && to - from < MOST_ROWS) {
            bytes += bytes(rows.get(to));
            if (to > from && bytes > MOST_BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    /** What the driver sends for a row, in UTF-8 and with quotes escaped. */
    private static long bytes(@Nullable Object[] row) {
        long bytes = 0;
        for (Object value : row) {
            bytes += value instanceof String text ? bytes(text) : LONGEST_NUMBER;
        }
        if (bytes > LONGEST_ROW) {
            throw new IllegalArgumentException("a row of more than " + LONGEST_ROW + " bytes");
        }
        return bytes;
    }

    private static long bytes(String text) {
        if (text.length() <= SHORT_TEXT) {
            return 4 + 3L * text.length();
        }
        long bytes = 4;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escaped = c == '\'' || c == '"' || c == '\\';
            bytes += c >= 0x800 && !Character.isSurrogate(c) ? 3 : c >= 0x80 || escaped ? 2 : 1;
        }
        return bytes;
    }

    private static PreparedStatement prepare(
            Connection connection, String begin, List<@Nullable Object[]> rows, String end) throws SQLException {
        String marks = "(" + "?, ".repeat(rows.get(0).length - 1) + "?)";
        PreparedStatement statement =
                connection.prepareStatement(begin + (marks + ", ").repeat(rows.size() - 1) + marks + end);
        int bound = 0;
        for (@Nullable Object[] row : rows) {
            bound = bind(statement, bound, row);
        }
        return statement;
    }

    private static int bind(PreparedStatement statement, int bound, @Nullable Object[] values) throws SQLException {
        int last = bound;
        for (Object value : values) {
            last++;
            if (value instanceof String text) {
                // The driver asks all that it knows of each object that is given to it as one.
                statement.setString(last, text);
            } else {
                statement.setObject(last, value);
            }
        }
        return last;
    }

    /** Changes a cell with each row of values, whose last two are its id and the version that it must have. */
    void updateCells(Connection connection, String update, List<@Nullable Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            for (@Nullable Object[] row : rows) {
                bind(statement, 0, row);
                statement.addBatch();
            }
            boolean counted = true;
            for (int count : statement.executeBatch()) {
                check(count == 1 || count == Statement.SUCCESS_NO_INFO);
                counted &= count == 1;
            }
            if (!counted) {
                // As the driver's option useBulkStmts has it.
                checkVersions(connection, rows);
            }
        }
    }

    private void checkVersions(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
        List<@Nullable Object[]> wanted = rows.stream()
                .map(row -> new @Nullable Object[] {row[row.length - 2], row[VERSION]})
                .toList();
        int[] found = new int[1];
        String begin = "SELECT id FROM " + cells + " WHERE (id, version) IN (";
        select(connection, begin, wanted, ")", row -> found[0]++);
        check(found[0] == rows.size());
    }

    private static void check(boolean right) {
        if (!right) {
            // The rows were locked, so nobody who keeps the rules can have changed them.
            throw new IllegalStateException("a locked row was changed by somebody else");
        }
    }
}

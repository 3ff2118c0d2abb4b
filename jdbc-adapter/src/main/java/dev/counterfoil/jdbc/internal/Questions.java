package dev.counterfoil.jdbc.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Queries in one text, and so in one round trip, which a server answers one behind the other. */
final class Questions {
    interface Bind {
        /** Binds the parameters that come next; the number of parameters bound so far. */
        int to(PreparedStatement statement, int bound) throws SQLException;
    }

    private record Question(String sql, Bind bind, int skipped, ManyRows.Reader reader) {}

    private final Texts texts;
    private final List<Question> questions = new ArrayList<>();

    /** None yet; the texts are for all that will ever be asked in this place. */
    Questions(Texts texts) {
        this.texts = texts;
    }

    /** The texts for one place. */
    static Texts texts() {
        return new Texts("; ");
    }

    /**
     * Adds one.
     *
     * @param skipped the results that come before its rows
     */
    void add(String sql, Bind bind, int skipped, ManyRows.Reader reader) {
        questions.add(new Question(sql, bind, skipped, reader));
    }

    /** Adds one without parameters. */
    void add(String sql, ManyRows.Reader reader) {
        add(sql, (statement, bound) -> bound, 0, reader);
    }

    /**
     * Asks them all, if there are any.
     *
     * @param end goes behind them, and has no rows; may be empty
     */
    void ask(Connection connection, String end) throws SQLException {
        if (questions.isEmpty()) {
            return;
        }
        List<String> parts = new ArrayList<>();
        questions.forEach(question -> parts.add(question.sql()));
        if (!end.isEmpty()) {
            parts.add(end);
        }
        try (PreparedStatement statement = connection.prepareStatement(texts.of(parts))) {
            int bound = 0;
            for (Question question : questions) {
                bound = question.bind().to(statement, bound);
            }
            // A driver told to fetch a few rows at a time would lock a few at a time, and the last of them after the
            // look-ups; and of a text that ends its transaction it would get no more than the first few.
            statement.setFetchSize(0);
            statement.execute();
            for (Question question : questions) {
                for (int i = 0; i < question.skipped(); i++) {
                    statement.getMoreResults();
                }
                try (ResultSet row = Objects.requireNonNull(statement.getResultSet(), "one result per statement")) {
                    while (row.next()) {
                        question.reader().read(row);
                    }
                }
                statement.getMoreResults();
            }
        }
    }
}

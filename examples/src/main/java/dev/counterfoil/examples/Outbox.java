package dev.counterfoil.examples;

import dev.counterfoil.Applied;
import dev.counterfoil.Outcome;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * A payment and the message about it in one commit: nobody is told of a payment that was not made, and none is made of which
 * nobody is told. Who sends the messages reads them from the table {@code outbox}, and deletes what is sent.
 */
public final class Outbox {
    private final DataSource dataSource;
    private final JdbcLedger ledger;

    /**
     * An outbox.
     *
     * @param dataSource of the ledger's own database, with the table {@code outbox} in it; other than on SQLite its
     *     transactions are READ COMMITTED
     * @param ledger the ledger
     */
    public Outbox(DataSource dataSource, JdbcLedger ledger) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
    }

    /**
     * Makes a payment and leaves a message. Called again, as after a lost answer, it does neither twice.
     *
     * @return how the payment was decided: it is committed, a refusal too
     */
    public Outcome pay(Update payment, String message) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Outcome outcome = ledger.in(connection).tryPost(payment);
                if (outcome instanceof Applied applied && !applied.replayed()) {
                    insert(connection, payment.key().value(), message);
                }
                connection.commit();
                return outcome;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static void insert(Connection connection, String id, String message) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO outbox (id, message) VALUES (?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, message);
            insert.executeUpdate();
        }
    }
}

package dev.counterfoil.stress.history;

import dev.counterfoil.BatchException;
import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.JoinedLedger;
import dev.counterfoil.jdbc.LockOrderException;
import dev.counterfoil.testkit.DelegatingLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Does half of its updates in transactions of the caller's own. A list is one such transaction, with its updates in the order of
 * the list, whatever order others have.
 */
final class JoinedCalls extends DelegatingLedger {
    private final JdbcLedger ledger;
    private final DataSource connections;

    JoinedCalls(JdbcLedger ledger, DataSource connections) {
        super(ledger);
        this.ledger = ledger;
        this.connections = connections;
    }

    @Override
    public Outcome apply(Update update) {
        if (!joins(update)) {
            return super.apply(update);
        }
        BatchException.Result result = joined(List.of(update)).get(0);
        return result.outcome().orElseThrow(() -> result.fault().orElseThrow());
    }

    @Override
    public List<Outcome> applyEach(List<Update> updates) {
        if (!joins(updates.get(0))) {
            return super.applyEach(updates);
        }
        List<BatchException.Result> results = joined(updates);
        if (results.stream().anyMatch(result -> result.fault().isPresent())) {
            throw new BatchException(results);
        }
        return results.stream().map(result -> result.outcome().orElseThrow()).toList();
    }

    private static boolean joins(Update update) {
        return update.key().hashCode() % 2 == 0;
    }

    private List<BatchException.Result> joined(List<Update> updates) {
        Connection connection;
        try {
            connection = connections.getConnection();
        } catch (SQLException e) {
            return failed(updates, e);
        }
        try {
            return joined(connection, updates);
        } finally {
            close(connection);
        }
    }

    private List<BatchException.Result> joined(Connection connection, List<Update> updates) {
        List<BatchException.Result> results;
        try {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            results = posted(ledger.in(connection), updates);
        } catch (SQLException | LedgerException e) {
            // COMMIT was not sent, and will not be: closing rolls back.
            return failed(updates, e);
        }
        return commits(connection) ? results : unknown(updates);
    }

    /** Whatever comes of it changes nothing in the outcome. */
    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The link is gone.
        }
    }

    private static List<BatchException.Result> posted(JoinedLedger joined, List<Update> updates) {
        List<BatchException.Result> results = new ArrayList<>();
        for (Update update : updates) {
            try {
                results.add(new BatchException.Result(Optional.of(joined.tryPost(update)), Optional.empty()));
            } catch (LockOrderException e) {
                // The transaction goes on without it.
                results.add(new BatchException.Result(Optional.empty(), Optional.of(e)));
            }
        }
        return results;
    }

    /** False where nobody knows; a warning means that it is not as safe as was asked for. */
    private static boolean commits(Connection connection) {
        try {
            connection.commit();
            return connection.getWarnings() == null;
        } catch (SQLException e) {
            return false;
        }
    }

    private static List<BatchException.Result> unknown(List<Update> updates) {
        return updates.stream()
                .map(update -> fault(new OutcomeUnknownException(update.key(), "the caller's COMMIT", null)))
                .toList();
    }

    private static List<BatchException.Result> failed(List<Update> updates, Exception cause) {
        return updates.stream()
                .map(update -> fault(new NotAppliedException("the caller's transaction: " + cause, cause)))
                .toList();
    }

    private static BatchException.Result fault(LedgerException fault) {
        return new BatchException.Result(Optional.empty(), Optional.of(fault));
    }
}

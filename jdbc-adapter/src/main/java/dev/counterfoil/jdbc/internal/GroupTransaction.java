package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Cell;
import dev.counterfoil.Key;
import dev.counterfoil.Outcome;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.GroupEvaluation;
import dev.counterfoil.spi.GroupEvaluation.AddressedEntry;
import dev.counterfoil.spi.GroupEvaluation.CellChange;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.ReferenceId;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredCells;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What happens between begin and commit of a group: load, look up, evaluate, write. */
final class GroupTransaction {
    private final Connection connection;
    private final Dialect dialect;
    private final Tables tables;
    private final Deadline deadline;
    private final Map<CellAddress, Long> cellIds = new HashMap<>();

    GroupTransaction(Connection connection, Dialect dialect, Tables tables, Deadline deadline) {
        this.connection = connection;
        this.dialect = dialect;
        this.tables = tables;
        this.deadline = deadline;
    }

    List<Answer> run(List<Request> group) throws SQLException, StoreException {
        SortedSet<CellAddress> addresses = new TreeSet<>();
        group.forEach(request -> addresses.addAll(request.cells()));
        StoredCells cells = load(addresses);
        List<Answer> answers = new ArrayList<>(group.size());
        GroupEvaluation evaluation;
        if (group.get(0) instanceof Request.Deciding deciding) {
            evaluation = new GroupEvaluation(cells, lookUp(GroupEvaluation.needs(group)));
            Outcome replay = evaluation.replay(deciding);
            if (replay != null) {
                return List.of(new Answer.Decided(replay));
            }
            Request.Posting posting = deciding.resolve(cells, deadline);
            evaluation = new GroupEvaluation(cells, lookUp(GroupEvaluation.needs(List.of(posting))));
            answers.add(evaluation.judge(posting));
        } else {
            evaluation = new GroupEvaluation(cells, lookUp(GroupEvaluation.needs(group)));
            for (Request request : group) {
                answers.add(evaluation.judge((Request.Posting) request));
            }
        }
        write(evaluation.changes());
        return answers;
    }

    /** The cells that are there, and the clock behind their locks. */
    StoredCells load(SortedSet<CellAddress> addresses) throws SQLException {
        Map<CellAddress, Cell> cells = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(tables.selectCell)) {
            for (CellAddress address : addresses) {
                Tables.bind(select, address);
                try (ResultSet rows = select.executeQuery()) {
                    if (rows.next()) {
                        Tables.Row row = Tables.cell(rows);
                        cells.put(address, row.cell());
                        cellIds.put(address, row.id());
                    }
                }
            }
        }
        return new StoredCells(cells, dialect.clock(connection));
    }

    /** The decision under a key, or null. */
    @Nullable
    StoredDecision find(DecisionId id) throws SQLException {
        return findAll(List.of(id)).get(id);
    }

    private Map<DecisionId, StoredDecision> findAll(Collection<DecisionId> ids) throws SQLException {
        Map<DecisionId, StoredDecision> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(tables.selectDecision)) {
            for (DecisionId id : ids) {
                Tables.bind(select, id);
                try (ResultSet rows = select.executeQuery()) {
                    if (rows.next()) {
                        found.put(id, Tables.decision(rows));
                    }
                }
            }
        }
        return found;
    }

    private Known lookUp(Needs needs) throws SQLException {
        Map<ReferenceId, Key> references = new HashMap<>();
        for (ReferenceId id : needs.references()) {
            Key holder = holder(tables.selectReference, id.namespace(), id.reference());
            if (holder != null) {
                references.put(id, holder);
            }
        }
        Map<DecisionId, Key> reversals = new HashMap<>();
        for (DecisionId id : needs.reversals()) {
            Key holder = holder(
                    tables.selectReversal,
                    id.namespace(),
                    id.key().scope(),
                    id.key().value());
            if (holder != null) {
                reversals.put(id, holder);
            }
        }
        return new Known(findAll(needs.decisions()), references, reversals);
    }

    private @Nullable Key holder(String sql, String... bound) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < bound.length; i++) {
                select.setString(i + 1, bound[i]);
            }
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Key.of(rows.getString("scope"), rows.getString("key")) : null;
            }
        }
    }

    /** In the one order that all writers keep: new cells, decisions, entries, changed cells. */
    private void write(Changes changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        insertCells(changes.cells());
        Map<DecisionId, Long> decisionIds = insertDecisions(changes.decisions());
        insertEntries(changes.entries(), decisionIds);
        updateCells(changes.cells());
    }

    private void insertCells(List<CellChange> cells) throws SQLException {
        List<CellChange> fresh =
                cells.stream().filter(c -> c.versionBefore() == 0).toList();
        if (fresh.isEmpty()) {
            return;
        }
        long id = last(tables.lastCellId);
        try (PreparedStatement insert = connection.prepareStatement(tables.insertCell)) {
            for (CellChange change : fresh) {
                cellIds.put(change.address(), ++id);
                tables.bindNew(insert, id, change.address(), change.after());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private Map<DecisionId, Long> insertDecisions(List<StoredDecision> decisions) throws SQLException {
        Map<DecisionId, Long> ids = new HashMap<>();
        long id = last(tables.lastDecisionId);
        try (PreparedStatement insert = connection.prepareStatement(tables.insertDecision)) {
            for (StoredDecision decision : decisions) {
                ids.put(decision.id(), ++id);
                Tables.bindNew(insert, id, decision);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return ids;
    }

    private void insertEntries(List<AddressedEntry> entries, Map<DecisionId, Long> decisionIds) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(tables.insertEntry)) {
            for (AddressedEntry entry : entries) {
                DecisionId decision = new DecisionId(
                        entry.address().namespace(), entry.entry().key());
                Tables.bindNew(insert, id(entry.address()), known(decisionIds.get(decision)), entry.entry());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void updateCells(List<CellChange> cells) throws SQLException {
        List<CellChange> changed =
                cells.stream().filter(c -> c.versionBefore() > 0).toList();
        if (changed.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(tables.updateCell)) {
            for (CellChange change : changed) {
                tables.bindChanged(update, id(change.address()), change.versionBefore(), change.after());
                update.addBatch();
            }
            for (int count : update.executeBatch()) {
                if (count != 1) {
                    // The row was locked, so nobody who keeps the rules can have changed it.
                    throw new IllegalStateException("a locked cell was changed by somebody else");
                }
            }
        }
    }

    private long last(String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private long id(CellAddress address) {
        return known(cellIds.get(address));
    }

    private static long known(@Nullable Long id) {
        return Objects.requireNonNull(id);
    }
}

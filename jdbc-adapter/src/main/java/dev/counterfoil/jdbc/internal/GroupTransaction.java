package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Outcome;
import dev.counterfoil.jdbc.internal.GroupSql.Loaded;
import dev.counterfoil.jdbc.internal.GroupSql.Locking;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.GroupEvaluation;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.Parking;
import dev.counterfoil.spi.Request;
import dev.counterfoil.spi.SkewWatch;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import dev.counterfoil.spi.StoredCells;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What happens between begin and commit of a group: lock and load, look up, evaluate, write. */
final class GroupTransaction {
    private final GroupSql sql;
    private final Deadline deadline;
    private final SkewWatch skewWatch;
    private Set<CellAddress> locked = Set.of();
    private boolean hasLocks;

    GroupTransaction(GroupSql sql, Deadline deadline, SkewWatch skewWatch) {
        this.sql = sql;
        this.deadline = deadline;
        this.skewWatch = skewWatch;
    }

    List<Answer> run(Connection connection, List<Request> group, Locking locking) throws SQLException, StoreException {
        SortedSet<CellAddress> addresses = new TreeSet<>();
        group.forEach(request -> addresses.addAll(request.cells()));
        Loaded loaded = sql.load(connection, addresses, GroupEvaluation.needs(group), locking, deadline);
        locked = loaded.cells().keySet();
        hasLocks = true;
        if (locking != Locking.SKIP) {
            refuseElusive(loaded);
        }
        StoredCells cells = new StoredCells(loaded.cells(), loaded.clock());
        GroupEvaluation evaluation = new GroupEvaluation(cells, loaded.known());
        List<Answer> answers;
        if (group.get(0) instanceof Request.Deciding deciding) {
            Outcome replay = evaluation.replay(deciding);
            if (replay != null) {
                sql.write(connection, evaluation.changes(), loaded);
                return List.of(new Answer.Decided(replay));
            }
            if (!loaded.elusive().isEmpty()) {
                return List.of(new Answer.Parked(loaded.elusive()));
            }
            Request.Posting posting = deciding.resolve(cells, deadline);
            Known known = sql.lookUp(connection, GroupEvaluation.needs(List.of(posting)));
            evaluation = new GroupEvaluation(cells, known);
            answers = List.of(evaluation.judge(posting));
        } else {
            answers = judge(evaluation, group, loaded.elusive());
        }
        Changes changes = evaluation.changes();
        sql.write(connection, changes, loaded);
        if (locking == Locking.JOIN || locking == Locking.JOIN_NOWAIT) {
            // What the caller writes next may follow from any answer.
            sql.certify(connection, loaded);
        }
        skewWatch.look(changes.skew());
        return answers;
    }

    /** True where it waits for no row any more: what it waits for then is what somebody else inserts. */
    boolean hasLocks() {
        return hasLocks;
    }

    /** The cells that were there, and are locked. */
    Set<CellAddress> locked() {
        return locked;
    }

    /** A cell came into being while its neighbours' locks were awaited: then what was loaded is no one moment's view. */
    static void refuseElusive(Loaded loaded) throws StoreException {
        if (!loaded.elusive().isEmpty()) {
            throw new StoreException(Phase.BODY, Trouble.TRANSIENT, "a cell was opened meanwhile", null);
        }
    }

    /** Judges in order; parks what needs a cell that somebody else holds, and what stays behind something parked before it. */
    private static List<Answer> judge(GroupEvaluation evaluation, List<Request> group, Set<CellAddress> elusive) {
        Parking parking = new Parking(elusive);
        List<Answer> answers = new ArrayList<>(group.size());
        for (Request request : group) {
            if (parking.keeps(request)) {
                Set<CellAddress> waitsFor = new HashSet<>(request.cells());
                waitsFor.retainAll(elusive);
                answers.add(new Answer.Parked(waitsFor));
            } else {
                answers.add(evaluation.judge((Request.Posting) request));
            }
        }
        return answers;
    }
}

package dev.counterfoil.jdbc.internal;

import dev.counterfoil.Outcome;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.internal.GroupSql.Loaded;
import dev.counterfoil.spi.Answer;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.Correction;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.GroupEvaluation.AddressedEntry;
import dev.counterfoil.spi.GroupEvaluation.CellChange;
import dev.counterfoil.spi.GroupEvaluation.Changes;
import dev.counterfoil.spi.GroupEvaluation.Known;
import dev.counterfoil.spi.GroupEvaluation.Needs;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoredDecision;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happens between begin and commit of a correction: lock, look the key up, compare, write. */
final class CorrectionTransaction {
    private static final Changes NOTHING = new Changes(List.of(), List.of(), List.of(), Duration.ZERO);

    private final AuditSql sql;
    private final GroupSql group;
    private final Dialect dialect;
    private final CellAddress cell;

    CorrectionTransaction(AuditSql sql, GroupSql group, Dialect dialect, CellAddress cell) {
        this.sql = sql;
        this.group = group;
        this.dialect = dialect;
        this.cell = cell;
    }

    Answer run(Connection connection, Correction correction, Deadline deadline) throws SQLException, StoreException {
        CellRow locked = sql.lock(connection, cell, deadline);
        Known known = group.lookUp(connection, new Needs(Set.of(correction.id()), Set.of(), Set.of()));
        Instant clock = dialect.clock(connection).truncatedTo(ChronoUnit.MICROS);
        Map<CellAddress, Long> ids = locked == null ? Map.of() : Map.of(cell, locked.id());
        Loaded loaded = new Loaded(Map.of(), ids, Set.of(), known, clock);
        StoredDecision earlier = known.decisions().get(correction.id());
        if (earlier != null) {
            group.write(connection, NOTHING, loaded);
            return new Answer.Decided(correction.answer(earlier));
        }
        if (locked == null || !same(locked, correction.seen())) {
            return new Answer.Stale();
        }
        Correction.Made made = correction.made().apply(clock);
        Changes changes = new Changes(
                List.of(new CellChange(cell, locked.version(), made.cell())),
                List.of(new AddressedEntry(cell, made.entry())),
                List.of(made.decision()),
                Duration.ZERO);
        group.write(connection, changes, loaded);
        Outcome outcome = made.decision().decision();
        return new Answer.Decided(outcome);
    }

    private static boolean same(CellRow now, CellRow seen) {
        return now.with(now.version(), null).equals(seen.with(seen.version(), null));
    }
}

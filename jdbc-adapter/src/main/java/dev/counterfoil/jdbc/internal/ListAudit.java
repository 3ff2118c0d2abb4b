package dev.counterfoil.jdbc.internal;

import dev.counterfoil.CellId;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** MariaDB: lists of rows, and ranges of several cells in one statement. */
final class ListAudit extends EachAudit {
    /** The ranges of one statement: the server plans each of them. */
    private static final int MOST_RANGES = 50;

    private final ManyRows statements;
    private final String part;
    private final String selectIds;
    private final String selectPlaces;
    private final String twiceHeld;
    private final String twiceReversed;

    ListAudit(Dialect dialect, AuditRows rows, Tables tables) {
        super(dialect, rows, tables, " FORCE INDEX (" + tables.cellAddress + ")");
        statements = new ManyRows(tables.cell);
        part = selectEntries.substring("SELECT ".length());
        String address = "namespace, account_kind, account_id, name";
        selectIds = "SELECT id, account_kind, account_id, name FROM " + tables.cell + " FORCE INDEX ("
                + tables.cellAddress + ") WHERE (" + address + ") IN (";
        selectPlaces = "SELECT " + rows.entryColumns + " FROM " + tables.entry + " e LEFT JOIN " + tables.cell
                + " c ON c.id = e.cell_id LEFT JOIN " + tables.decision
                + " d ON d.id = e.decision_id WHERE (e.cell_id, e.sequence) IN (";
        String from = " FROM " + tables.decision + " d WHERE ";
        twiceHeld = "SELECT d.reference" + from + "(d.namespace, d.reference) IN (";
        twiceReversed = "SELECT d.reverses_scope, d.reverses_key" + from
                + "(d.namespace, d.reverses_scope, d.reverses_key) IN (";
    }

    @Override
    public List<EntryRow> entryRows(Connection connection, List<EntryRange> ranges, int limit, Deadline deadline)
            throws SQLException {
        return new RangePages(ranges, limit, MOST_RANGES).read((parts, room) -> {
            Select select = new Select("");
            for (int n = 0; n < parts.size(); n++) {
                EntryRange range = parts.get(n).range();
                select.add(
                        (n == 0 ? "(SELECT " : " UNION ALL (SELECT ") + n + " AS n, " + part + ")",
                        range.cellId(),
                        range.after(),
                        range.upTo(),
                        parts.get(n).most());
            }
            return select.add(" ORDER BY n, sequence LIMIT ?", room).rows(connection, rows::entry);
        });
    }

    private record Place(long cellId, long sequence) {}

    @Override
    public List<@Nullable EntryRow> entryRowsAt(
            Connection connection, String namespace, List<EntryPlace> places, Deadline deadline) throws SQLException {
        Map<List<String>, Long> ids = new HashMap<>();
        Set<List<String>> names = new LinkedHashSet<>();
        places.forEach(place -> names.add(name(place.cell())));
        List<@Nullable Object[]> addresses = new ArrayList<>();
        names.forEach(name -> addresses.add(new @Nullable Object[] {namespace, name.get(0), name.get(1), name.get(2)}));
        statements.select(
                connection,
                selectIds,
                addresses,
                ")",
                row -> ids.put(List.of(row.getString(2), row.getString(3), row.getString(4)), row.getLong(1)));
        Set<Place> wanted = new LinkedHashSet<>();
        for (EntryPlace place : places) {
            Long id = ids.get(name(place.cell()));
            if (id != null) {
                wanted.add(new Place(id, place.sequence()));
            }
        }
        List<@Nullable Object[]> keys = new ArrayList<>();
        wanted.forEach(place -> keys.add(new @Nullable Object[] {place.cellId(), place.sequence()}));
        Map<Place, EntryRow> found = new HashMap<>();
        statements.select(connection, selectPlaces, keys, ")", row -> {
            EntryRow entry = rows.entry(row);
            found.put(new Place(entry.cellId(), entry.sequence()), entry);
        });
        List<@Nullable EntryRow> entries = new ArrayList<>();
        for (EntryPlace place : places) {
            Long id = ids.get(name(place.cell()));
            entries.add(id == null ? null : found.get(new Place(id, place.sequence())));
        }
        return entries;
    }

    private static List<String> name(CellId cell) {
        return List.of(cell.account().kind(), cell.account().id(), cell.name());
    }

    @Override
    public List<DecisionRow> decisionRows(Connection connection, Collection<Long> ids, Deadline deadline)
            throws SQLException {
        List<@Nullable Object[]> wanted = new ArrayList<>();
        new LinkedHashSet<>(ids).forEach(id -> wanted.add(new @Nullable Object[] {id}));
        List<DecisionRow> found = new ArrayList<>();
        statements.select(connection, selectDecisions + "d.id IN (", wanted, ")", row -> found.add(rows.decision(row)));
        return found;
    }

    @Override
    public List<String> heldTwice(
            Connection connection, String namespace, Collection<String> references, Deadline deadline)
            throws SQLException {
        List<@Nullable Object[]> wanted = new ArrayList<>();
        new LinkedHashSet<>(references).forEach(reference -> wanted.add(new @Nullable Object[] {namespace, reference}));
        List<String> twice = new ArrayList<>();
        statements.select(
                connection,
                twiceHeld,
                wanted,
                ")" + APPLIED + " GROUP BY d.reference HAVING count(*) > 1",
                row -> twice.add(row.getString(1)));
        return twice;
    }

    @Override
    public List<DecisionRow> reversedTwice(
            Connection connection, String namespace, Collection<DecisionRow> reversals, Deadline deadline)
            throws SQLException {
        List<@Nullable Object[]> wanted = new ArrayList<>();
        for (DecisionRow reversal : reversals) {
            wanted.add(new @Nullable Object[] {namespace, reversal.reversesScope(), reversal.reversesKey()});
        }
        Set<List<String>> twice = new HashSet<>();
        statements.select(
                connection,
                twiceReversed,
                wanted,
                ")" + APPLIED + " GROUP BY d.reverses_scope, d.reverses_key HAVING count(*) > 1",
                row -> twice.add(List.of(row.getString(1), row.getString(2))));
        return reversals.stream()
                .filter(r -> r.reversesScope() != null
                        && r.reversesKey() != null
                        && twice.contains(List.of(r.reversesScope(), r.reversesKey())))
                .toList();
    }
}

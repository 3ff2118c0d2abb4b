package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellRow.CellState;
import dev.counterfoil.spi.CellRow.Checkpoint;
import dev.counterfoil.spi.DecisionCheck.Place;
import dev.counterfoil.spi.EntryPages.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a page of cells with their entries, and a second time at what is wrong: the row of the cell first, then its entries up
 * to the version read there, so that nothing that is on its way is taken for damage. Used by one thread at a time.
 */
final class CellsLook {
    private final String namespace;
    private final boolean fromCheckpoints;

    /** True where all decisions are looked at anyhow, and not only those of the entries. */
    private final boolean allDecisions;

    private final AuditCalls calls;
    private final EntryPages pages;
    private final DecisionsLook decisions;
    private final Belonging belonging;
    private final VerifyReport report;

    CellsLook(
            String namespace,
            boolean fromCheckpoints,
            boolean allDecisions,
            AuditCalls calls,
            DecisionsLook decisions,
            VerifyReport report) {
        this.namespace = namespace;
        this.fromCheckpoints = fromCheckpoints;
        this.allDecisions = allDecisions;
        this.calls = calls;
        this.pages = new EntryPages(calls);
        this.decisions = decisions;
        this.belonging = new Belonging(decisions.rows());
        this.report = report;
    }

    /** A cell, and how far its entries were taken. */
    private static final class Looked {
        final CellRow cell;
        CellFold fold;
        boolean sound = true;

        Looked(CellRow cell) {
            this.cell = cell;
            Checkpoint from = cell.checkpoint();
            this.fold = from == null ? CellFold.of(cell) : CellFold.of(cell, from);
        }

        Part rest() {
            return new Part(cell, fold.sequence(), cell.version());
        }
    }

    void look(List<CellRow> cells) {
        Map<Long, Looked> byId = new LinkedHashMap<>();
        cells.forEach(cell -> byId.put(cell.id(), new Looked(cell)));
        pages.read(byId.values().stream().map(Looked::rest).toList(), rows -> take(rows, byId));
        Set<Long> goOn = withEntriesBehind(byId);
        for (Looked looked : byId.values()) {
            end(looked, goOn.contains(looked.cell.id()));
        }
        report.cells(cells.size());
        if (fromCheckpoints) {
            keep(byId.values().stream().filter(looked -> looked.sound).toList());
        }
    }

    private void take(List<EntryRow> rows, Map<Long, Looked> byId) {
        int from = 0;
        List<Belonging.Row> all = new ArrayList<>();
        for (int to = 1; to <= rows.size(); to++) {
            if (to == rows.size() || rows.get(to).cellId() != rows.get(from).cellId()) {
                Looked looked = Objects.requireNonNull(byId.get(rows.get(from).cellId()), "a cell that was asked for");
                List<EntryRow> some = rows.subList(from, to);
                take(looked, some);
                some.forEach(row -> all.add(new Belonging.Row(looked.fold, looked.cell, row)));
                from = to;
            }
        }
        belong(all, byId);
        report.entries(rows.size());
    }

    /** Takes entries of one cell; where something is wrong, they are read again. */
    private void take(Looked looked, List<EntryRow> rows) {
        CellFold before = looked.fold.copy();
        List<Finding> first = new ArrayList<>();
        rows.forEach(row -> looked.fold.take(row, first::add));
        if (first.isEmpty()) {
            return;
        }
        List<Finding> second = new ArrayList<>();
        if (again(looked.cell) == null) {
            looked.sound = false;
            return;
        }
        Part same = new Part(looked.cell, before.sequence(), looked.fold.sequence());
        pages.read(List.of(same), page -> page.forEach(row -> before.take(row, second::add)));
        looked.fold = before;
        tell(looked, Findings.both(first, second));
    }

    private void tell(Looked looked, List<Finding> findings) {
        looked.sound &= findings.isEmpty();
        report.tell(findings);
    }

    private @Nullable CellRow again(CellRow cell) {
        AccountId account;
        try {
            account = AccountId.of(cell.accountKind(), cell.accountId());
        } catch (IllegalArgumentException e) {
            // Nothing writes to a cell that cannot be named, so its row is what it was.
            return cell;
        }
        CellRow row = calls.cellRow(new CellAddress(namespace, account, cell.name()));
        return row == null || row.id() != cell.id() ? null : row.with(row.version(), cell.checkpoint());
    }

    /** The entries without decisions; and the decisions of the others, where those are not all looked at anyhow. */
    private void belong(List<Belonging.Row> rows, Map<Long, Looked> byId) {
        Set<Long> wrong = new HashSet<>();
        List<Finding> first = belonging.without(rows, (some, entries) -> {
            if (!allDecisions) {
                wrong.addAll(decisions.look(some, entries));
            }
        });
        for (Belonging.Row row : rows) {
            if (wrong.contains(row.entry().decisionId())) {
                Objects.requireNonNull(byId.get(row.cell().id())).sound = false;
            }
        }
        if (!first.isEmpty()) {
            belongAgain(rows, first, byId);
        }
    }

    private void belongAgain(List<Belonging.Row> rows, List<Finding> first, Map<Long, Looked> byId) {
        Set<Place> places = new HashSet<>();
        first.forEach(finding -> {
            if (finding.account() != null && finding.cell() != null) {
                places.add(new Place(finding.account(), finding.cell(), finding.sequence()));
            }
        });
        Map<Long, Part> parts = new LinkedHashMap<>();
        Map<Long, Belonging.Row> cells = new HashMap<>();
        for (Belonging.Row row : rows) {
            Place place = row.place();
            if (place == null || places.contains(place)) {
                long sequence = row.entry().sequence();
                Part one = new Part(row.cell(), sequence - 1, sequence);
                parts.merge(row.cell().id(), one, (a, b) -> new Part(a.cell(), a.after(), b.upTo()));
                cells.put(row.cell().id(), row);
            }
        }
        pages.read(List.copyOf(parts.values()), page -> {
            List<Belonging.Row> again = new ArrayList<>();
            for (EntryRow entry : page) {
                Belonging.Row row = Objects.requireNonNull(cells.get(entry.cellId()));
                again.add(new Belonging.Row(row.fold(), row.cell(), entry));
            }
            List<Finding> both = Findings.both(first, belonging.without(again, (some, entries) -> {}));
            both.forEach(finding -> unsound(finding, byId));
            report.tell(both);
        });
    }

    private static void unsound(Finding finding, Map<Long, Looked> byId) {
        for (Looked looked : byId.values()) {
            AccountId account = finding.account();
            looked.sound &= account == null
                    || !(looked.cell.name().equals(finding.cell())
                            && looked.cell.accountId().equals(account.id())
                            && looked.cell.accountKind().equals(account.kind()));
        }
    }

    /** The cells that have entries behind their version: new ones, or their rows were set back. */
    private Set<Long> withEntriesBehind(Map<Long, Looked> byId) {
        Set<Long> behind = new HashSet<>();
        List<EntryRange> left = byId.values().stream()
                .map(looked -> new EntryRange(looked.cell.id(), looked.cell.version(), Long.MAX_VALUE))
                .toList();
        while (!left.isEmpty()) {
            List<EntryRange> asked = left;
            int limit = EntryPages.FEW;
            List<EntryRow> rows = calls.read((store, deadline) -> store.entryRows(asked, limit, deadline));
            rows.forEach(row -> behind.add(row.cellId()));
            if (rows.size() < limit) {
                break;
            }
            long last = rows.get(rows.size() - 1).cellId();
            int end = 0;
            while (left.get(end).cellId() != last) {
                end++;
            }
            left = left.subList(end + 1, left.size());
        }
        return behind;
    }

    private void end(Looked looked, boolean goesOn) {
        List<Finding> first = new ArrayList<>();
        looked.fold.end(looked.cell, first::add);
        if (goesOn) {
            first.add(looked.fold.ofCell(FindingType.CELL_DIFFERS, null, null));
        }
        if (!first.isEmpty()) {
            tell(looked, Findings.both(first, endAgain(looked)));
        }
    }

    private List<Finding> endAgain(Looked looked) {
        CellRow row = again(looked.cell);
        if (row == null) {
            return List.of();
        }
        CellFold fold = looked.fold.copy();
        Consumer<Finding> told = finding -> {};
        pages.read(
                List.of(new Part(row, fold.sequence(), row.version())),
                page -> page.forEach(entry -> fold.take(entry, told)));
        List<Finding> second = new ArrayList<>();
        fold.end(row, second::add);
        pages.read(
                List.of(new Part(row, Math.max(row.version(), fold.sequence()), Long.MAX_VALUE)),
                page -> page.forEach(entry -> fold.take(entry, told)));
        CellRow last = fold.sequence() > row.version() ? again(looked.cell) : null;
        if (last != null && last.version() < fold.sequence()) {
            // The entries were there before the row was read this time: it was set back.
            second.clear();
            fold.end(last, second::add);
        }
        return second;
    }

    private void keep(List<Looked> sound) {
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Looked looked : sound) {
            CellState state = looked.fold.state();
            Checkpoint before = looked.cell.checkpoint();
            if (state != null && (before == null || before.version() != looked.fold.sequence())) {
                checkpoints.add(new Checkpoint(looked.cell.id(), looked.fold.sequence(), state));
            }
        }
        if (!checkpoints.isEmpty()) {
            calls.read((store, deadline) -> {
                store.keepCheckpoints(checkpoints, deadline);
                return checkpoints.size();
            });
        }
    }
}

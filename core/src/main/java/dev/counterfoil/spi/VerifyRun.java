package dev.counterfoil.spi;

import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A verification: pages of cells, each with its entries, then the decisions. What it holds at a time is bounded by pages, whatever
 * the size of the books.
 */
final class VerifyRun {
    private final String namespace;
    private final VerifyRequest request;
    private final AuditCalls calls;
    private final VerifyReport report;

    /** One that begins by counting the cells. */
    VerifyRun(
            String namespace, VerifyRequest request, AuditCalls calls, VerifyListener listener, LongSupplier nanoTime) {
        this.namespace = namespace;
        this.request = request;
        this.calls = calls;
        long cells = calls.read(
                (store, deadline) -> store.countCells(namespace, request.kind(), request.idPrefix(), deadline));
        this.report = new VerifyReport(cells, listener, nanoTime);
    }

    Verification run() {
        DecisionsLook decisions = new DecisionsLook(namespace, calls, report);
        CellsLook look =
                new CellsLook(namespace, request.fromCheckpoints(), request.allDecisions(), calls, decisions, report);
        PageSize pages = new PageSize(50, 200);
        List<String> last = null;
        while (true) {
            List<String> after = last;
            int limit = pages.rows();
            List<CellRow> cells = calls.read((store, deadline) -> store.cellRows(
                    namespace, request.kind(), request.idPrefix(), after, request.fromCheckpoints(), limit, deadline));
            if (cells.isEmpty()) {
                break;
            }
            pages.had(cells.size(), characters(cells));
            look.look(cells);
            last = cells.get(cells.size() - 1).address();
        }
        if (request.allDecisions()) {
            decisions.all();
        }
        return report.soFar();
    }

    private static long characters(List<CellRow> cells) {
        long characters = 0;
        for (CellRow cell : cells) {
            String value = cell.state().value();
            characters += value == null ? 0 : value.length() * (cell.checkpoint() == null ? 1 : 2);
        }
        return characters;
    }
}

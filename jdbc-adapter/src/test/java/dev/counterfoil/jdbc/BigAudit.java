package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.Audits.soon;
import static dev.counterfoil.jdbc.BigBooks.cell;
import static dev.counterfoil.jdbc.BigBooks.id;
import static dev.counterfoil.jdbc.BigBooks.key;
import static dev.counterfoil.jdbc.BigBooks.tall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.jdbc.dialect.PostgresDialect;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/** What verification asks of {@link BigBooks}, each with the most rows that its statement may read or sort. */
final class BigAudit {
    private static final List<String> MIDDLE = List.of("retainer", id(55_555), "available");

    private final AuditStore audit;

    BigAudit(DataSource connections) {
        audit = Audits.of(connections, new PostgresDialect());
    }

    private interface Ask {
        List<?> ask() throws StoreException;
    }

    /**
     * A question.
     *
     * @param name what is asked
     * @param rows the most rows that may be read
     * @param answers how many rows the answer has
     */
    record Question(String name, long rows, int answers, Ask way) {
        void ask() {
            try {
                assertThat(way.ask()).as(name).hasSize(answers);
            } catch (StoreException e) {
                throw new AssertionError(name, e);
            }
        }
    }

    private static DecisionRow decision(String key) {
        return new DecisionRow(0, "", key, "APPLIED", null, null, null, false, null, null);
    }

    private List<EntryRange> ranges(long after, long upTo) {
        return IntStream.range(0, 200)
                .mapToObj(n -> new EntryRange(1 + n * 497L, after, upTo))
                .toList();
    }

    List<Question> questions() {
        List<EntryPlace> places = IntStream.range(0, 1000)
                .mapToObj(n -> new EntryPlace(cell(1 + n * 97), 1 + n % 5))
                .toList();
        List<Long> ids = LongStream.range(1, 1001).map(n -> n * 299).boxed().toList();
        List<String> references =
                IntStream.range(1, 201).mapToObj(n -> "reference-" + n * 1000).toList();
        List<DecisionRow> reversals = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            reversals.add(
                    new DecisionRow(1, "", "any", "APPLIED", null, "", "loaded-" + n * 1000, false, List.of(), null));
        }
        EntryRange middle = new EntryRange(BigBooks.ACCOUNTS + 1, 250_000, 500_000);
        return List.of(
                new Question(
                        "verify, count", 10_000, 1, () -> List.of(audit.countCells("", "retainer", "r05", soon()))),
                new Question("verify, first cells", 200, 200, () -> cells(null, "", null, false)),
                new Question("verify, cells in the middle", 200, 200, () -> cells(null, "", MIDDLE, false)),
                new Question("verify, cells with checkpoints", 200, 200, () -> cells(null, "", MIDDLE, true)),
                new Question("verify, cells of a kind", 200, 200, () -> cells("retainer", "r0", MIDDLE, true)),
                new Question(
                        "verify, the last cells of a prefix", 4, 4, () -> cells("retainer", "r05555", MIDDLE, true)),
                new Question("verify, a cell", 1, 1, () -> {
                    CellRow row = audit.cellRow(CellAddress.of("", tall()), soon());
                    return row == null ? List.of() : List.of(row);
                }),
                new Question("verify, entries", 1000, 1000, () -> audit.entryRows(ranges(0, 5), 2000, soon())),
                new Question("verify, tall entries", 2000, 2000, () -> audit.entryRows(List.of(middle), 2000, soon())),
                new Question(
                        "verify, no entries behind",
                        200,
                        0,
                        () -> audit.entryRows(ranges(1000, Long.MAX_VALUE), 200, soon())),
                new Question("verify, places", 1000, 1000, () -> audit.entryRowsAt("", places, soon())),
                new Question("verify, first decisions", 540, 500, () -> audit.decisionRows("", null, 500, soon())),
                // Sorted in parts of 32 rows at least.
                new Question(
                        "verify, decisions", 540, 500, () -> audit.decisionRows("", decision(key(5000)), 500, soon())),
                new Question("verify, some decisions", 1000, 1000, () -> audit.decisionRows(ids, soon())),
                new Question("verify, references", 200, 0, () -> audit.heldTwice("", references, soon())),
                new Question("verify, reversals", 200, 0, () -> audit.reversedTwice("", reversals, soon())));
    }

    private List<CellRow> cells(String kind, String prefix, List<String> after, boolean checkpoints)
            throws StoreException {
        return audit.cellRows("", kind, prefix, after, checkpoints, 200, soon());
    }

    /** The same statements on small tables. */
    void runSmall() {
        try {
            for (Question question : questions()) {
                question.way().ask();
            }
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }
}

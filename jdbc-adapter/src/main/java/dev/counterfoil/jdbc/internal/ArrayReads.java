package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.Entry;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.BalanceTally;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerStore.CellHistory;
import dev.counterfoil.spi.Reading;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** PostgreSQL: each read is a transaction in one text, and so in one round trip. */
final class ArrayReads implements ReadSql {
    private final Texts texts = Questions.texts();
    private final Rows rows;
    private final String selectAccounts;
    private final String selectCell;
    private final String selectEntries;
    private final String listAccounts;
    private final BalanceSums sums;

    ArrayReads(Dialect dialect, Rows rows, Tables tables) {
        this.rows = rows;
        this.sums = new BalanceSums(dialect, tables);
        selectAccounts = Begin.READING + "SELECT " + Tables.of("c", tables.cellColumns)
                + " FROM " + RowsText.unnest("text, text, text") + " AS w (namespace, account_kind, account_id) JOIN "
                + tables.cell + " c ON " + Tables.matchEach("namespace, account_kind, account_id")
                + " ORDER BY " + Tables.inOrder("namespace, account_kind, account_id") + ", c.name";
        selectCell = Begin.READING + tables.selectCell;
        // Sequences have no gaps, so that a page has two ends, and no plan reads more than it.
        selectEntries = tables.selectEntries("e.cell_id = (SELECT id FROM " + tables.cell + Tables.BY_ADDRESS
                + ") AND e.sequence > ? AND e.sequence <= ? ORDER BY e.sequence");
        listAccounts = Begin.READING + tables.listAccounts;
    }

    @Override
    public Reading<List<Cell>> accounts(
            Connection connection, String namespace, List<AccountId> accounts, Deadline deadline) throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (AccountId account : accounts) {
            values.add(new @Nullable Object[] {namespace, account.kind(), account.id()});
        }
        List<Cell> cells = new ArrayList<>();
        Questions questions = new Questions(texts);
        questions.add(
                selectAccounts,
                (select, bound) ->
                        ArrayParameters.bindArrays(connection, select, Begin.bind(select, deadline), 3, values),
                Begin.RESULTS,
                row -> cells.add(rows.cell(row).cell()));
        return new Reading<>(cells, ask(questions, connection));
    }

    @Override
    public Reading<Optional<CellHistory>> history(
            Connection connection, CellAddress address, long after, int limit, Deadline deadline) throws SQLException {
        List<Cell> cell = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        Questions questions = new Questions(texts);
        questions.add(
                selectCell,
                (select, bound) -> bind(select, Begin.bind(select, deadline), address),
                Begin.RESULTS,
                row -> cell.add(rows.cell(row).cell()));
        questions.add(
                selectEntries,
                (select, bound) -> {
                    int next = bind(select, bound, address);
                    select.setLong(next + 1, after);
                    select.setLong(next + 2, after + limit);
                    return next + 2;
                },
                0,
                row -> entries.add(rows.entry(row, cell.get(0).id())));
        Instant clock = ask(questions, connection);
        return new Reading<>(cell.stream().findFirst().map(found -> new CellHistory(found, entries)), clock);
    }

    private static int bind(PreparedStatement select, int bound, CellAddress address) throws SQLException {
        select.setString(bound + 1, address.namespace());
        select.setString(bound + 2, address.account().kind());
        select.setString(bound + 3, address.account().id());
        select.setString(bound + 4, address.name());
        return bound + 4;
    }

    @Override
    public Reading<List<AccountId>> list(
            Connection connection,
            String namespace,
            String kind,
            String idPrefix,
            @Nullable String after,
            int limit,
            Deadline deadline)
            throws SQLException {
        List<AccountId> accounts = new ArrayList<>();
        Questions questions = new Questions(texts);
        questions.add(
                listAccounts,
                (select, bound) ->
                        Reads.bindList(select, Begin.bind(select, deadline), namespace, kind, idPrefix, after, limit),
                Begin.RESULTS,
                row -> accounts.add(AccountId.of(kind, row.getString(1))));
        return new Reading<>(accounts, ask(questions, connection));
    }

    @Override
    public Reading<List<TrialBalance.Line>> sums(
            Connection connection, String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws SQLException {
        BalanceTally tally = new BalanceTally();
        Questions questions = new Questions(texts);
        questions.add(
                Begin.READING + sums.text(kind),
                (select, bound) -> BalanceSums.bind(select, Begin.bind(select, deadline), namespace, kind, idPrefix),
                Begin.RESULTS,
                row -> sums.add(tally, row));
        Instant clock = ask(questions, connection);
        return new Reading<>(tally.lines(), clock);
    }

    /** The clock, behind all the rest. */
    private Instant ask(Questions questions, Connection connection) throws SQLException {
        List<Instant> clock = new ArrayList<>();
        questions.add("SELECT clock_timestamp() AS clock", row -> clock.add(rows.time(row, "clock")));
        questions.ask(connection, Begin.END_READING);
        return clock.get(0);
    }
}

package dev.counterfoil.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import dev.counterfoil.admin.Names.CellName;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what happened in a period. */
@Command(
        name = "statement",
        description = {
            "Tells what happened to the balances of an account in a period.",
            "The period must have passed: what they were, each entry, and what they became. The cells are locked for a moment,"
                    + " which needs the right to. Entries are shown as they are read; only the sums behind them prove that they"
                    + " lead from opening to closing."
        })
final class StatementCommand extends LedgerCommand {
    @Parameters(
            paramLabel = "KIND/ID",
            converter = Names.AccountConverter.class,
            description = "The account, such as wallet/42: the first / ends the kind.")
    @SuppressWarnings("NullAway.Init")
    private AccountId account;

    @Option(names = "--cell", paramLabel = "CELL", description = "Only this balance of the account.")
    private @Nullable String cell;

    @Option(names = "--month", paramLabel = "YYYY-MM", description = "A month, by the clocks of --zone.")
    private @Nullable String month;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            converter = Times.ZoneConverter.class,
            description = "The time zone of months and dates, such as Europe/Berlin or UTC; they need one.")
    private @Nullable ZoneId zone;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first moment of the period: a time, or a date by the clocks of --zone.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The first moment behind the period.")
    private @Nullable String to;

    @Option(names = "--sums-only", description = "Leaves out the entries.")
    private boolean sumsOnly;

    @Override
    void check() {
        period();
        if (cell != null) {
            new CellName(account, cell);
        }
    }

    private Period period() {
        if (month != null && from == null && to == null) {
            try {
                return Period.of(YearMonth.parse(month), zone());
            } catch (DateTimeParseException e) {
                throw wrong("--month: '" + month + "' is no month: write 2026-11");
            }
        }
        if (month != null || from == null || to == null) {
            throw wrong("Missing required options: either --month or both --from and --to");
        }
        return Period.of(moment("--from", from), moment("--to", to));
    }

    private Instant moment(String option, String text) {
        try {
            return text.contains("T")
                    ? new Times.InstantConverter().convert(text)
                    : LocalDate.parse(text).atStartOfDay(zone()).toInstant();
        } catch (DateTimeParseException e) {
            throw wrong(
                    option + ": '" + text + "' is neither a time nor a date: write 2026-11-30T23:59:59Z or 2026-11-30");
        }
    }

    private ZoneId zone() {
        if (zone == null) {
            throw wrong("Missing required option: '--zone=ZONE', by whose clocks a month or a date begins");
        }
        return zone;
    }

    @Override
    int run(Books books, Out out) throws SQLException {
        Period period = period();
        Consumer<BalanceEntry> entries = entry -> {
            if (!sumsOnly) {
                entry(out, entry);
            }
        };
        List<Statement> statements = cell == null
                ? books.ledger().statement(account, period, entries)
                : List.of(books.ledger().statement(balance(books, cell), period, entries));
        out.flush();
        if (statements.isEmpty()) {
            throw new NoException("the account " + Plain.text(account.toString()) + " has no balances");
        }
        out.line("from " + Plain.time(period.from()) + " to " + Plain.time(period.to()));
        out.row("balance", "unit", "opening", "in", "out", "closing", "entries");
        statements.forEach(statement -> sums(out, statement));
        return Exit.OK;
    }

    private BalanceId balance(Books books, String name) throws SQLException {
        CellId found = books.cells().find(new CellName(account, name));
        if (found instanceof BalanceId balance) {
            return balance;
        }
        throw wrong(Names.notation(account, name) + " is a " + found.kind() + ": statements are of balances");
    }

    private static void entry(Out out, BalanceEntry entry) {
        out.row(
                Json.of(entry),
                Names.notation(entry.cell().account(), entry.cell().name()),
                "#" + entry.sequence(),
                Plain.time(entry.recordedAt()),
                entry.type().name(),
                HistoryCommand.change(entry),
                entry.after().toPlainString(),
                Refusal.text(entry.key()));
        out.flushNowAndThen();
    }

    private static void sums(Out out, Statement statement) {
        ObjectNode json = Json.cell(Json.record("statement"), statement.cell())
                .put("from", Json.time(statement.period().from()))
                .put("to", Json.time(statement.period().to()))
                .put("opening", Json.amount(statement.opening()))
                .put("in", Json.amount(statement.in()))
                .put("out", Json.amount(statement.out()))
                .put("closing", Json.amount(statement.closing()))
                .put("entries", statement.entries())
                .put("entriesIn", statement.entriesIn())
                .put("entriesOut", statement.entriesOut());
        out.row(
                json,
                Names.notation(statement.cell().account(), statement.cell().name()),
                Plain.text(statement.cell().unit().code()),
                statement.opening().toPlainString(),
                statement.in().toPlainString(),
                statement.out().toPlainString(),
                statement.closing().toPlainString(),
                Long.toString(statement.entries()));
    }
}

package dev.counterfoil.admin;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.jdbc.JdbcLedger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists entries. */
@Command(name = "history", description = "Lists the entries of a cell, oldest first.")
final class HistoryCommand extends LedgerCommand {
    private static final int PAGE = 1000;

    @Mixin
    private CellArgument cell = new CellArgument();

    @Option(names = "--limit", paramLabel = "N", description = "The most entries to list; ${DEFAULT-VALUE} by default.")
    private long limit = 100;

    @Option(names = "--after", paramLabel = "SEQUENCE", description = "Only those behind this one.")
    private long after;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Times.InstantConverter.class,
            description = "Only those recorded then or later.")
    private @Nullable Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Times.InstantConverter.class,
            description = "Only those recorded before.")
    private @Nullable Instant to;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            description = "Only those of these types: ${COMPLETION-CANDIDATES}.")
    private Set<EntryType> types = EnumSet.noneOf(EntryType.class);

    @Option(names = "--forced", description = "Only those of a balance that passed a limit by force.")
    private boolean forced;

    @Option(names = "--key", paramLabel = "KEY", description = "Only those of updates with this key, in any scope.")
    private @Nullable String key;

    @Override
    void check() {
        if (limit < 1 || after < 0) {
            throw wrong("--limit: must be 1 or more, --after 0 or more");
        }
        cell.name(this);
        filter();
    }

    @Override
    int run(Books books, Out out) throws SQLException {
        CellId id = books.cells().find(cell.name(this));
        // Read before the entries, so that none is missed which comes meanwhile.
        long version = version(books.cells().stands(cell.name(this)));
        String unit = id instanceof BalanceId balance
                ? " in " + Plain.text(balance.unit().code())
                : "";
        out.line(Names.notation(id.account(), id.name()) + ", " + id.kind() + unit);
        out.row("sequence", "recorded at", "type", "change", "after", "update");
        Gaps gaps = new Gaps(after);
        long left = limit;
        Optional<PageRequest> next = Optional.of(PageRequest.after(Long.toString(after), page()));
        while (next.isPresent()) {
            Page<? extends Entry> page = page(books.ledger(), id, next.get());
            for (Entry entry : page.items()) {
                if (key != null && !key.equals(entry.key().value())) {
                    continue;
                }
                if (left == 0) {
                    around().err().println("There are more: --limit, or --after with the last sequence, shows them.");
                    return end(out, gaps);
                }
                left--;
                gaps.listed(entry.sequence());
                row(out, entry);
                out.flushNowAndThen();
            }
            next = page.next();
        }
        gaps.upTo(version);
        return end(out, gaps);
    }

    private int end(Out out, Gaps gaps) {
        boolean all = key == null && filter().equals(HistoryFilter.all());
        if (!all || gaps.none()) {
            return Exit.OK;
        }
        out.flush();
        around().err().println(gaps);
        return Exit.NO;
    }

    // One that is no number, or is wrong, is a matter for verify.
    private static long version(Standing standing) {
        String version = standing.version();
        return version != null && version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
    }

    private HistoryFilter filter() {
        return new HistoryFilter(from, to, types, forced);
    }

    /** One more than is shown tells whether there are more. */
    private int page() {
        return (int) Math.min(limit, PAGE - 1) + 1;
    }

    private Page<? extends Entry> page(JdbcLedger ledger, CellId id, PageRequest page) {
        if (id instanceof BalanceId balance) {
            return ledger.history(balance, filter(), page);
        }
        return id instanceof RegisterId register
                ? ledger.history(register, filter(), page)
                : ledger.history((JournalId) id, filter(), page);
    }

    /** Shows an entry. */
    static void row(Out out, Entry entry) {
        out.row(
                Json.of(entry),
                Long.toString(entry.sequence()),
                Plain.time(entry.recordedAt()),
                entry.type().name(),
                change(entry),
                after(entry),
                Refusal.text(entry.key()));
    }

    /** What an entry changed, with the reason where one was given. */
    static String change(Entry entry) {
        String reason = Json.forced(entry);
        String forced = reason == null ? "" : " because: " + Plain.text(reason);
        if (entry instanceof BalanceEntry balance) {
            String delta = balance.delta().toPlainString();
            String limits = balance.limits() == null ? "" : " limits " + balance.limits();
            return (balance.delta().signum() > 0 ? "+" + delta : delta) + limits + forced;
        }
        return (entry instanceof JournalEntry journal ? Plain.orDash(journal.payload()) : "-") + forced;
    }

    private static String after(Entry entry) {
        if (entry instanceof BalanceEntry balance) {
            return balance.after().toPlainString();
        }
        return entry instanceof RegisterEntry register
                ? Plain.text(register.after())
                : ((JournalEntry) entry).count() + " records";
    }
}

package dev.counterfoil.admin;

import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Past;
import dev.counterfoil.RegisterId;
import dev.counterfoil.admin.Names.CellName;
import dev.counterfoil.jdbc.JdbcLedger;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a cell as it stood. */
@Command(
        name = "as-of",
        description = {
            "Shows a cell as it stood at a time or with a version.",
            "It is the entry that had made it so. For a time, the cell is locked for a moment, which needs the right to."
        })
final class AsOfCommand extends LedgerCommand {
    @Mixin
    private CellArgument cell = new CellArgument();

    // Its own --version keeps the standard options away.
    @Option(
            names = {"-h", "--help"},
            order = 92,
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Moment moment;

    /** One of the two. */
    static final class Moment {
        @Option(
                names = "--time",
                paramLabel = "TIME",
                converter = Times.InstantConverter.class,
                description = "The time; what was recorded at it is included.")
        private @Nullable Instant time;

        @Option(names = "--version", paramLabel = "N", description = "The version, which is the sequence of an entry.")
        private @Nullable Long version;
    }

    @Override
    void check() {
        cell.name(this);
        if (moment.version != null && moment.version < 1) {
            throw wrong("--version: must be 1 or more");
        }
    }

    @Override
    int run(Books books, Out out) throws SQLException {
        CellName name = cell.name(this);
        CellId id = books.cells().find(name);
        Instant time = moment.time;
        Optional<? extends Entry> entry = time == null
                ? version(books.ledger(), id, moment.version == null ? 1 : moment.version)
                : entry(books.ledger().asOf(time, id), id);
        if (entry.isEmpty()) {
            throw new NoException(name + (time == null ? " has no such version yet" : " was not there yet"));
        }
        out.row("sequence", "recorded at", "type", "change", "after", "update");
        HistoryCommand.row(out, entry.get());
        return Exit.OK;
    }

    private static Optional<? extends Entry> version(JdbcLedger ledger, CellId id, long version) {
        if (id instanceof BalanceId balance) {
            return ledger.asOf(balance, version);
        }
        return id instanceof RegisterId register
                ? ledger.asOf(register, version)
                : ledger.asOf((JournalId) id, version);
    }

    private static Optional<? extends Entry> entry(Past past, CellId id) {
        if (id instanceof BalanceId balance) {
            return past.find(balance);
        }
        return id instanceof RegisterId register ? past.find(register) : past.find((JournalId) id);
    }
}

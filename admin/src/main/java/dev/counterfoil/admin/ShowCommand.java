package dev.counterfoil.admin;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.Cell;
import dev.counterfoil.Journal;
import dev.counterfoil.Register;
import dev.counterfoil.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows an account. */
@Command(
        name = "show",
        description = {"Shows all cells of an account.", "They are shown as they stand, in one consistent view."})
final class ShowCommand extends LedgerCommand {
    @Parameters(
            paramLabel = "KIND/ID",
            converter = Names.AccountConverter.class,
            description = "The account, such as wallet/42: the first / ends the kind.")
    @SuppressWarnings("NullAway.Init")
    private AccountId account;

    @Override
    int run(Books books, Out out) {
        Snapshot snapshot = books.ledger().read(account);
        if (snapshot.cells().isEmpty()) {
            throw new NoException("the account " + Plain.text(account.toString()) + " has no cells");
        }
        out.line(Plain.text(account.toString()) + " as of " + Plain.time(snapshot.asOf()));
        out.row("cell", "kind", "stands at", "limits", "version", "last update", "recorded at");
        for (Cell cell : snapshot.cells()) {
            out.row(
                    Json.of(cell).put("asOf", Json.time(snapshot.asOf())),
                    Plain.text(cell.id().name()),
                    cell.id().kind().name(),
                    state(cell) + (cell.closed() ? " (closed)" : ""),
                    cell instanceof Balance balance ? balance.limits().toString() : "-",
                    Long.toString(cell.version()),
                    Refusal.text(cell.lastUpdate()),
                    Plain.time(cell.lastRecordedAt()));
        }
        return Exit.OK;
    }

    /** What a cell stands at. */
    static String state(Cell cell) {
        if (cell instanceof Balance balance) {
            return balance.amount().toPlainString() + " "
                    + Plain.text(balance.id().unit().code());
        }
        if (cell instanceof Register register) {
            return Plain.text(register.value());
        }
        return ((Journal) cell).count() + " records";
    }
}

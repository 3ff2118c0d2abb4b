package dev.counterfoil.admin;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Decision;
import dev.counterfoil.Finding;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.admin.Names.CellName;
import dev.counterfoil.jdbc.JdbcLedger;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Corrects a cell that is not what its entries say. */
@Command(
        name = "correct",
        description = {
            "Corrects a cell that differs from its entries.",
            "It adds one more entry, and never changes those that are there."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CorrectCommand.Restore.class, CorrectCommand.Accept.class})
final class CorrectCommand {
    /** What both have. */
    abstract static class Correcting extends LedgerCommand {
        @Mixin
        private CellArgument cell = new CellArgument();

        @Option(
                names = "--key",
                paramLabel = "KEY",
                required = true,
                description = "The idempotency key: choose one, and use it again when you have to repeat the command.")
        private String key = "";

        @Option(names = "--scope", paramLabel = "SCOPE", description = "The scope of the key; empty by default.")
        private String scope = "";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; it stays in the history.")
        private String reason = "";

        @Mixin
        private Confirming confirming = new Confirming();

        @Override
        boolean changes() {
            return true;
        }

        @Override
        void check() {
            cell.name(this);
            Key.of(scope, key);
            if (reason.isBlank()) {
                throw wrong("--reason: must not be blank");
            }
            confirming.check(this);
        }

        @Override
        final int run(Books books, Out out) throws SQLException {
            CellName name = cell.name(this);
            CellId id = books.cells().find(name);
            String plan = plan(id);
            tell(books.ledger(), id);
            confirming.ask(this, Standing.of(books.cells().stands(name), id) + plan);
            try {
                return end(out, correct(books.ledger(), Key.of(scope, key), id, reason));
            } catch (NotCorrectableException e) {
                e.findings().forEach(finding -> VerifyCommand.finding(out, finding));
                throw e;
            }
        }

        /** Tells what is wrong with the cell, so that whoever confirms it sees what was expected. */
        private void tell(JdbcLedger ledger, CellId id) {
            List<String> found = new ArrayList<>();
            ledger.verify(VerifyRequest.of(id.account().kind(), id.account().id()), new VerifyListener() {
                @Override
                public void onFinding(Finding finding) {
                    if (id.account().equals(finding.account()) && id.name().equals(finding.cell())) {
                        found.add(VerifyCommand.text(finding));
                    }
                }
            });
            if (found.isEmpty() && ledger.find(Key.of(scope, key)).isEmpty()) {
                found.addAll(nothingWrong(id));
            }
            found.forEach(around().err()::println);
            around().err().flush();
        }

        /** What is to be known where nothing is wrong with the cell. */
        List<String> nothingWrong(CellId id) {
            return List.of();
        }

        /** What would be done, in words. */
        abstract String plan(CellId id);

        abstract Outcome correct(JdbcLedger ledger, Key key, CellId id, String reason);

        private static int end(Out out, Outcome outcome) {
            if (outcome instanceof KeyReused reused) {
                throw new NoException("the key " + Refusal.text(reused.key())
                        + " was used for something else before; nothing was changed");
            }
            Decision decision = (Decision) outcome;
            out.object(Json.of(decision).put("replayed", decision.replayed()));
            if (decision instanceof Applied applied && applied.replayed()) {
                out.line(Refusal.text(decision.key()) + ": was applied before, nothing was changed now");
            }
            ReceiptCommand.text(out, decision);
            return outcome instanceof Applied ? Exit.OK : Exit.NO;
        }
    }

    /** Goes by the entries. */
    @Command(
            name = "restore",
            description =
                    "Sets a cell back to what its entries say, where somebody changed its row behind the ledger's back.")
    static final class Restore extends Correcting {
        @Override
        String plan(CellId id) {
            return "It would be set back to what all its entries say.";
        }

        @Override
        Outcome correct(JdbcLedger ledger, Key key, CellId id, String reason) {
            return ledger.restoreFromEntries(key, id, reason);
        }
    }

    /** Goes by the world. */
    @Command(
            name = "accept",
            description = "Sets a balance or a register, and its entries with it, to what was found in the world.")
    static final class Accept extends Correcting {
        @Parameters(
                index = "1",
                paramLabel = "VALUE",
                description =
                        "The amount of a balance, such as 200.00 or -5.00, or the text of a register. Write -- before one"
                                + " that begins with a dash and is no number.")
        private String value = "";

        @Override
        void check() {
            if (value.startsWith("-") && !value.matches("-[0-9.]+") && !endsOptions()) {
                throw wrong("Unknown option: '" + value + "'");
            }
            super.check();
        }

        @Override
        String plan(CellId id) {
            if (id instanceof BalanceId balance) {
                checkAmount(balance.unit());
                return "It would be set to " + Plain.text(value) + " "
                        + Plain.text(balance.unit().code()) + ", and an entry would say so.";
            }
            if (id instanceof RegisterId) {
                return "It would be set to '" + Plain.text(value) + "', and an entry would say so.";
            }
            throw wrong("a JOURNAL has no value that could be accepted: its records are its entries");
        }

        private void checkAmount(Unit unit) {
            if (!isAmount(unit)) {
                throw wrong("VALUE: '" + value + "' is no amount in " + unit);
            }
        }

        private boolean isAmount(Unit unit) {
            try {
                return new BigDecimal(value).stripTrailingZeros().scale() <= unit.scale();
            } catch (NumberFormatException e) {
                return false;
            }
        }

        @Override
        List<String> nothingWrong(CellId id) {
            return List.of("nothing is wrong with this cell; this sets it"
                    + (id instanceof BalanceId ? ", and passes its limits" : ""));
        }

        @Override
        Outcome correct(JdbcLedger ledger, Key key, CellId id, String reason) {
            return id instanceof BalanceId balance
                    ? ledger.acceptObserved(key, balance, value, reason)
                    : ledger.acceptObserved(key, (RegisterId) id, value, reason);
        }
    }
}

package dev.counterfoil.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.TrialBalance.Sums;
import dev.counterfoil.Unit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sums balances up. */
@Command(
        name = "trial-balance",
        description = {
            "Sums all balances up, by kind of account, name and unit.",
            "It is one consistent view, and takes as long as it takes to read them all."
        })
final class TrialBalanceCommand extends LedgerCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", description = "Only accounts of this kind.")
    private @Nullable String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PREFIX", description = "Only those whose ids begin so.")
    private String prefix = "";

    @Override
    int run(Books books, Out out) {
        TrialBalance balance =
                kind == null ? books.ledger().trialBalance() : books.ledger().trialBalance(kind, prefix);
        out.line("as of " + Plain.time(balance.asOf()));
        out.row("accounts", "balance", "unit", "balances", "sum", "above zero", "below zero");
        for (TrialBalance.Line line : balance.lines()) {
            ObjectNode json =
                    Json.record("line").put("accountKind", line.kind()).put("cell", line.name());
            row(out, json, Plain.text(line.kind()), Plain.text(line.name()), line.unit(), line.sums(), balance);
        }
        balance.totals().forEach((unit, sums) -> row(out, Json.record("total"), "all", "", unit, sums, balance));
        return Exit.OK;
    }

    private static void row(
            Out out, ObjectNode json, String kind, String name, Unit unit, Sums sums, TrialBalance balance) {
        out.row(
                json.put("unit", unit.code())
                        .put("scale", unit.scale())
                        .put("balances", sums.balances())
                        .put("sum", Json.amount(sums.sum()))
                        .put("positive", Json.amount(sums.positive()))
                        .put("negative", Json.amount(sums.negative()))
                        .put("asOf", Json.time(balance.asOf())),
                kind,
                name,
                Plain.text(unit.code()),
                Long.toString(sums.balances()),
                sums.sum().toPlainString(),
                sums.positive().toPlainString(),
                sums.negative().toPlainString());
    }
}

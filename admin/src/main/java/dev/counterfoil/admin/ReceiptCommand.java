package dev.counterfoil.admin;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Rejected;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a key was decided. */
@Command(
        name = "receipt",
        description = {
            "Shows how a key was decided.",
            "The receipt of what was applied (exit code 0), or the refusal (1). Where there is none, it is not decided yet (1)."
        })
final class ReceiptCommand extends LedgerCommand {
    private static final String NOT_YET =
            "not decided yet: there is no decision under this key. A commit may be on its way, so this is no final no; only"
                    + " sending the update again gives one, unless somebody deleted the decision: verify first where the"
                    + " books may be damaged.";

    @Parameters(paramLabel = "KEY", description = "The idempotency key.")
    private String value = "";

    @Option(names = "--scope", paramLabel = "SCOPE", description = "The scope of the key; empty by default.")
    private String scope = "";

    @Override
    int run(Books books, Out out) {
        Key key = Key.of(scope, value);
        Optional<Decision> found = books.ledger().find(key);
        if (found.isEmpty()) {
            out.object(Json.key(Json.record("decision"), key).put("decided", false));
            out.line(Refusal.text(key) + ": " + NOT_YET);
            return Exit.NO;
        }
        out.object(Json.of(found.get()));
        text(out, found.get());
        return found.get() instanceof Applied ? Exit.OK : Exit.NO;
    }

    /** A decision in words. */
    static void text(Out out, Decision decision) {
        if (decision instanceof Applied applied) {
            applied(out, applied.receipt());
        } else {
            refused(out, (Rejected) decision);
        }
    }

    private static void applied(Out out, Receipt receipt) {
        out.line(Refusal.text(receipt.key()) + ": applied at " + Plain.time(receipt.recordedAt()));
        out.row("effective at", receipt.effectiveAt() == null ? "-" : Plain.time(receipt.effectiveAt()));
        out.row("reference", Plain.orDash(receipt.reference()));
        out.row("reverses", receipt.reverses() == null ? "-" : Refusal.text(receipt.reverses()));
        out.row("metadata", Plain.orDash(receipt.metadata()));
        out.row("details", receipt.pruned() ? "pruned: what it changed is in the cells' histories" : "kept");
        out.flush();
        for (ReceiptEntry entry : receipt.entries()) {
            out.row(
                    Integer.toString(entry.index()),
                    Names.notation(entry.cell().account(), entry.cell().name()),
                    "#" + entry.sequence(),
                    entry.type().name(),
                    effect(entry));
        }
        out.flush();
    }

    private static String effect(ReceiptEntry entry) {
        if (entry instanceof ReceiptEntry.OfBalance balance) {
            String delta = balance.delta().toPlainString();
            return (balance.delta().signum() > 0 ? "+" + delta : delta) + " = "
                    + balance.after().toPlainString() + " "
                    + Plain.text(balance.cell().unit().code());
        }
        return entry instanceof ReceiptEntry.OfRegister register
                ? Plain.text(register.after())
                : ((ReceiptEntry.OfJournal) entry).count() + " records";
    }

    private static void refused(Out out, Rejected no) {
        out.line(Refusal.text(no.key()) + ": refused at " + Plain.time(no.recordedAt()) + ", nothing was changed");
        out.row("reason", no.reason().name());
        out.row("operation", no.index() < 0 ? "-" : Integer.toString(no.index()));
        out.row(
                "cell",
                no.cell() == null
                        ? "-"
                        : Names.notation(no.cell().account(), no.cell().name()));
        out.row("decided by", no.decidedBy() == null ? "-" : Refusal.text(no.decidedBy()));
        out.row("because", Plain.orDash(Refusal.of(no).message()));
        out.flush();
    }
}

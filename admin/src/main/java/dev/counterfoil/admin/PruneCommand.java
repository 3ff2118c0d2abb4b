package dev.counterfoil.admin;

import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prunes decisions. */
@Command(
        name = "prune",
        description = {
            "Takes the details of old decisions.",
            "Receipts, refusals and metadata go, and do not come back. How each key was decided stays for ever, and so do"
                    + " histories. It may be stopped, and run again."
        })
final class PruneCommand extends LedgerCommand {
    @Option(
            names = "--before",
            paramLabel = "TIME",
            required = true,
            converter = Times.InstantConverter.class,
            description = "What was recorded then or later keeps its details.")
    @SuppressWarnings("NullAway.Init")
    private Instant before;

    @Mixin
    private Confirming confirming = new Confirming();

    @Override
    boolean changes() {
        return true;
    }

    @Override
    void check() {
        confirming.check(this);
    }

    @Override
    int run(Books books, Out out) {
        confirming.ask(
                this,
                "The details of all decisions before " + Plain.time(before) + " will be gone, and do not come back.");
        long pruned = books.ledger().prune(before);
        out.object(Json.record("pruned").put("decisions", pruned).put("before", Json.time(before)));
        out.line(pruned + (pruned == 1 ? " decision lost its details" : " decisions lost their details"));
        return Exit.OK;
    }
}

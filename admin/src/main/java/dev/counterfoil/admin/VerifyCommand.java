package dev.counterfoil.admin;

import dev.counterfoil.Finding;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Verifies the books. */
@Command(
        name = "verify",
        description = {
            "Proves that the books add up.",
            "Each cell is what its entries say, and entries and decisions belong together. It may run beside updates, for as long"
                    + " as it takes; findings come as they are found, amounts and all, and a summary at the end. Exit code 1"
                    + " where something is wrong."
        })
final class VerifyCommand extends LedgerCommand {
    @Option(names = "--kind", paramLabel = "KIND", description = "Only accounts of this kind.")
    private @Nullable String kind;

    @Option(names = "--id-prefix", paramLabel = "PREFIX", description = "Only those of the kind whose ids begin so.")
    private String idPrefix = "";

    @Option(
            names = "--since-last",
            description =
                    "Each cell from where the last such run ended; leaves checkpoints for the next, which needs the right"
                            + " to write them.")
    private boolean sinceLast;

    @Override
    void check() {
        request();
    }

    private VerifyRequest request() {
        return new VerifyRequest(kind, idPrefix, sinceLast);
    }

    @Override
    int run(Books books, Out out) {
        Surroundings around = around();
        Progress progress = new Progress(around.err(), around.terminal().shows(), System::nanoTime);
        Verification end = books.ledger().verify(request(), new VerifyListener() {
            @Override
            public void onFinding(Finding finding) {
                progress.clear();
                finding(out, finding);
            }

            @Override
            public void onProgress(Verification soFar) {
                progress.show(soFar);
            }
        });
        progress.clear();
        if (end.sound() && end.cells() == 0 && end.cellsInAll() == 0 && end.decisions() == 0) {
            throw new NoException(nothing());
        }
        out.now(
                Json.record("verification")
                        .put("sound", end.sound())
                        .put("cellsInAll", end.cellsInAll())
                        .put("cells", end.cells())
                        .put("entries", end.entries())
                        .put("decisions", end.decisions())
                        .put("pruned", end.pruned())
                        .put("findings", end.findings()),
                end.toString());
        return end.sound() ? Exit.OK : Exit.NO;
    }

    // Books that are not there are mostly a name that was mistyped.
    private String nothing() {
        String which = kind == null ? "" : " of kind \"" + Plain.text(kind) + "\"";
        String prefix = idPrefix.isEmpty() ? "" : " with an id that begins \"" + Plain.text(idPrefix) + "\"";
        return "nothing was verified: no cell" + which + prefix + " in the namespace \"" + Plain.text(namespace())
                + "\"";
    }

    /** Tells a finding at once. */
    static void finding(Out out, Finding finding) {
        out.now(Json.of(finding), text(finding));
    }

    /** A finding in words. */
    static String text(Finding finding) {
        StringBuilder text = new StringBuilder(finding.type().name());
        if (finding.account() != null) {
            String cell = finding.cell();
            text.append("  ")
                    .append(
                            cell == null
                                    ? Plain.text(finding.account().toString())
                                    : Names.notation(finding.account(), cell));
        }
        if (finding.sequence() > 0) {
            text.append("  #").append(finding.sequence());
        }
        if (finding.key() != null) {
            text.append("  update ").append(Refusal.text(finding.key()));
        }
        if (finding.expected() != null || finding.observed() != null) {
            text.append("  expected ")
                    .append(Plain.orDash(finding.expected()))
                    .append(", observed ")
                    .append(Plain.orDash(finding.observed()));
        }
        return text.toString();
    }
}

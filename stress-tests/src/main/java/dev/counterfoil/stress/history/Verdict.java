package dev.counterfoil.stress.history;

import dev.counterfoil.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the checker says of a load.
 *
 * @param calls how many calls there were
 * @param acknowledged how many updates a caller was told of that they are applied
 * @param lost how many of those are not there, or in part only
 * @param doubled how many updates took effect more than once
 * @param unknownApplied how many updates nobody was told of, and are there
 * @param unknownNotApplied how many calls nobody was told of, and did nothing
 * @param findings everything that is wrong
 */
public record Verdict(
        long calls,
        long acknowledged,
        long lost,
        long doubled,
        long unknownApplied,
        long unknownNotApplied,
        List<Finding> findings) {
    private static final String SETTLEMENT = "settlement";

    /**
     * Asks again for all that is unknown, and checks.
     *
     * @param ledger the ledger, which nobody uses any more
     * @param histories the directory of the histories, and of nothing else
     * @param looks false where what was only looked at may be gone after a crash, and proves nothing
     */
    public static Verdict of(Ledger ledger, Path histories, boolean looks) throws IOException {
        try (Recorder recorder = new Recorder(SETTLEMENT, histories.resolve(SETTLEMENT))) {
            Settlement.settle(ledger, recorder, History.read(histories));
        }
        History history = History.read(histories);
        return of(history, Checker.check(looks ? history : history.withoutLooks(), Book.of(ledger)));
    }

    static Verdict of(History history, List<Finding> findings) {
        List<KeyStory> stories = KeyStory.all(history);
        long unknown = stories.stream()
                .flatMap(story -> story.sends().stream())
                .filter(call -> call.answer().unknown())
                .count();
        long applied = stories.stream().filter(KeyStory::appliedUnknown).count();
        return new Verdict(
                history.calls().size(),
                stories.stream().filter(Verdict::acknowledged).count(),
                count(findings, Finding.Rule.LOST, Finding.Rule.PARTIAL),
                count(findings, Finding.Rule.DOUBLED, Finding.Rule.DECIDED_TWICE),
                applied,
                unknown - applied,
                findings);
    }

    private static boolean acknowledged(KeyStory story) {
        return story.sends().stream().anyMatch(call -> {
            Decided decision = call.answer().decision();
            return decision != null && decision.applied() && !call.id().startsWith(SETTLEMENT);
        });
    }

    private static long count(List<Finding> findings, Finding.Rule... rules) {
        return findings.stream()
                .filter(finding -> Stream.of(rules).anyMatch(rule -> rule == finding.rule()))
                .count();
    }
}

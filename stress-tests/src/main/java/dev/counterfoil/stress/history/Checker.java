package dev.counterfoil.stress.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds what contradicts a ledger's promises in a history and in what the ledger holds at its end. It knows nothing of how the
 * ledger works: {@link CellCheck} looks at each cell, {@link KeyCheck} at each key, {@link OnceCheck} at what only one may
 * have, {@link SeenCheck} at what was seen, and {@link OrderCheck} at everything together. It takes time in proportion to
 * {@code n log n} of the calls.
 */
final class Checker {
    private Checker() {}

    static List<Finding> check(History history, Book book) {
        List<KeyStory> stories = KeyStory.all(history);
        List<Moment> moments = Moment.all(history, stories, book);
        List<Finding> findings = new ArrayList<>();
        findings.addAll(CellCheck.check(book));
        findings.addAll(KeyCheck.check(stories, book));
        findings.addAll(OnceCheck.check(stories));
        findings.addAll(SeenCheck.check(moments, stories, book));
        findings.addAll(OrderCheck.check(moments));
        return findings;
    }
}

package dev.counterfoil.stress.history;

import dev.counterfoil.Limits;
import dev.counterfoil.stress.history.Finding.Rule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at what was seen: it was there, refusals follow from it, and the total of all money never changes. */
final class SeenCheck {
    private final Book book;
    private final List<Finding> findings = new ArrayList<>();

    private SeenCheck(Book book) {
        this.book = book;
    }

    static List<Finding> check(List<Moment> moments, List<KeyStory> stories, Book book) {
        SeenCheck check = new SeenCheck(book);
        moments.forEach(check::checkThere);
        moments.forEach(check::checkTotal);
        stories.forEach(check::checkRefusal);
        return check.findings;
    }

    private void checkThere(Moment moment) {
        for (Seen seen : moment.saw()) {
            Book.Line line = book.at(seen.cell(), seen.version());
            boolean right = line != null
                    && (seen.value().equals("?")
                            || seen.value().equals(line.trace().after()));
            if (!right) {
                String what =
                        moment.name() + " saw " + seen + ", there is " + (line == null ? "nothing" : line.trace());
                findings.add(Finding.of(Rule.SEEN_BUT_NEVER_THERE, what, List.of(seen.cell()), moment.calls()));
            }
        }
    }

    private void checkTotal(Moment moment) {
        boolean isRead =
                moment.calls().size() == 1 && moment.calls().get(0).answer().type() == Answer.Type.READ;
        if (!isRead) {
            return;
        }
        Map<String, BigDecimal> seen = new HashMap<>();
        moment.saw().stream()
                .filter(cell -> isMoney(cell.cell()))
                .forEach(cell -> seen.put(cell.cell(), new BigDecimal(cell.value())));
        BigDecimal total = BigDecimal.ZERO;
        BigDecimal first = BigDecimal.ZERO;
        for (Map.Entry<String, List<Book.Line>> cell : book.entries().entrySet()) {
            if (isMoney(cell.getKey()) && !cell.getValue().isEmpty()) {
                BigDecimal amount = seen.get(cell.getKey());
                if (amount == null) {
                    // It is not a read of all money.
                    return;
                }
                total = total.add(amount);
                first = first.add(new BigDecimal(cell.getValue().get(0).trace().change()));
            }
        }
        if (total.compareTo(first) != 0) {
            String what = "the total was " + total + ", at the beginning " + first;
            findings.add(Finding.of(Rule.TOTAL_CHANGED, what, seen.keySet(), moment.calls()));
        }
    }

    private static boolean isMoney(String cell) {
        return cell.endsWith(":" + World.MONEY);
    }

    private void checkRefusal(KeyStory story) {
        Decided decided = story.decided();
        String content = story.content();
        if (decided == null || content == null || !isForLimits(decided)) {
            return;
        }
        if (Steps.isSweep(content) || Steps.argument(content, "reverse") != null) {
            // The amounts do not stand in the content.
            return;
        }
        String[] words = decided.seen().split(" ", -1);
        Book.Line opening = book.at(words[0], 1);
        if (opening == null || opening.limits() == null) {
            return;
        }
        boolean passes = Steps.effects(content, key -> List.of()).stream()
                .filter(effect -> effect.cell().equals(words[0]))
                .anyMatch(
                        effect -> passes(new BigDecimal(words[2]), new BigDecimal(effect.change()), opening.limits()));
        if (!passes) {
            String what = decided.what() + " of " + content + " at " + decided.seen() + ", limits " + opening.limits();
            findings.add(Finding.of(Rule.REFUSED_WITHOUT_CAUSE, what, List.of(words[0]), story.calls()));
        }
    }

    private static boolean isForLimits(Decided decided) {
        return !decided.applied()
                && (decided.what().equals("BELOW_MINIMUM") || decided.what().equals("ABOVE_MAXIMUM"));
    }

    private static boolean passes(BigDecimal before, BigDecimal change, Limits limits) {
        BigDecimal after = before.add(change);
        BigDecimal least = limits.minimum();
        BigDecimal most = limits.maximum();
        return change.signum() < 0
                ? least != null && after.compareTo(least) < 0
                : most != null && after.compareTo(most) > 0;
    }
}

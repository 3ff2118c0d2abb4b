package dev.counterfoil.stress.history;

import dev.counterfoil.stress.history.Finding.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at each key alone: all answers to it agree with each other and with what is there. */
final class KeyCheck {
    private final Map<String, List<Book.Line>> byKey;
    private final Book book;
    private final List<Finding> findings = new ArrayList<>();

    private KeyCheck(Book book) {
        this.book = book;
        this.byKey = book.byKey();
    }

    static List<Finding> check(List<KeyStory> stories, Book book) {
        KeyCheck check = new KeyCheck(book);
        stories.forEach(check::check);
        Set<String> known = stories.stream().map(KeyStory::key).collect(Collectors.toSet());
        check.byKey.forEach((key, lines) -> {
            if (!known.contains(key) && !key.startsWith("open-")) {
                List<String> cells = cells(lines);
                check.findings.add(new Finding(Rule.STRANGER, "nobody sent " + key, List.of(key), cells, List.of()));
            }
        });
        return check.findings;
    }

    private void check(KeyStory story) {
        checkAnswers(story);
        checkContents(story);
        checkLooks(story);
        List<Book.Line> lines = byKey.getOrDefault(story.key(), List.of());
        Decided decided = story.decided();
        if (decided == null) {
            if (!lines.isEmpty()
                    && story.sends().stream().noneMatch(call -> call.answer().unknown())) {
                report(Rule.NOT_APPLIED_IS_THERE, "every call was told that it did nothing", story, lines);
            }
        } else if (decided.applied()) {
            checkReceipt(story, decided, lines);
        } else if (!lines.isEmpty()) {
            report(Rule.REFUSED_IS_THERE, "refused for " + decided.what(), story, lines);
        }
        if (!lines.isEmpty()) {
            checkAsked(story, lines);
        }
    }

    private void checkAnswers(KeyStory story) {
        List<Decided> answers = story.calls().stream()
                .map(call -> call.answer().shown())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (answers.size() > 1) {
            report(Rule.ANSWER_CHANGED, "answered " + answers, story, List.of());
        }
        if (story.decisions() > 1) {
            report(Rule.DECIDED_TWICE, "answered as new " + story.decisions() + " times", story, List.of());
        }
        for (Call call : story.calls()) {
            if (call.answer().type() == Answer.Type.BROKEN) {
                report(Rule.BROKEN_ANSWER, call.answer().message(), story, List.of());
            }
        }
    }

    private void checkContents(KeyStory story) {
        String content = story.content();
        if (content == null) {
            return;
        }
        for (Call call : story.sends()) {
            boolean same = call.content().equals(content);
            Decided decision = call.answer().decision();
            boolean answeredAsSame = decision != null && decision.kept();
            if (same ? call.answer().type() == Answer.Type.KEY_REUSED : answeredAsSame) {
                String what = same ? "the same content was told that the key is used" : "other content was answered";
                report(Rule.CONTENT_CONFUSED, what + ": " + call.content(), story, List.of());
            }
        }
    }

    private void checkLooks(KeyStory story) {
        for (Call call : story.calls()) {
            if (call.answer().type() == Answer.Type.FOUND_NOTHING && call.sent() > story.by()) {
                report(Rule.STALE_READ, "a later look at the key found nothing", story, List.of());
            }
        }
    }

    private void checkReceipt(KeyStory story, Decided decided, List<Book.Line> lines) {
        List<Trace> receipt = decided.entries();
        List<Trace> there = lines.stream().map(Book.Line::trace).toList();
        List<Trace> missing = without(receipt, there);
        List<Trace> extra = without(there, receipt);
        if (!missing.isEmpty()) {
            Rule rule = missing.size() == receipt.size() ? Rule.LOST : Rule.PARTIAL;
            report(rule, "not there: " + missing, story, lines);
        }
        if (!extra.isEmpty()) {
            report(Rule.DOUBLED, "not in its receipt: " + extra, story, lines);
        }
        for (Book.Line line : lines) {
            if (!decided.rest().startsWith("recordedAt=" + line.recordedAt() + " ")) {
                String what = line.trace() + " at " + line.recordedAt() + ", the receipt says " + decided.rest();
                report(Rule.TIME_DIFFERS, what, story, List.of(line));
            }
        }
    }

    /** Each counts as often as it occurs. */
    private static List<Trace> without(List<Trace> all, List<Trace> others) {
        List<Trace> left = new ArrayList<>(all);
        others.forEach(left::remove);
        return left;
    }

    private void checkAsked(KeyStory story, List<Book.Line> lines) {
        String content = story.content();
        if (content == null || Steps.isSweep(content)) {
            return;
        }
        List<Steps.Effect> effects = Steps.effects(
                content,
                key -> byKey.getOrDefault(key, List.of()).stream()
                        .map(Book.Line::trace)
                        .toList());
        boolean right = effects.size() == lines.size();
        for (int i = 0; right && i < lines.size(); i++) {
            right = matches(effects.get(i), lines.get(i));
        }
        if (!right) {
            Rule rule = lines.size() < effects.size() ? Rule.PARTIAL : Rule.NOT_AS_ASKED;
            report(rule, "asked " + content + ", there is " + traces(lines), story, lines);
        }
    }

    private boolean matches(Steps.Effect effect, Book.Line line) {
        Trace entry = line.trace();
        return entry.cell().equals(effect.cell())
                && entry.change().equals(effect.change())
                && (effect.after() == null || effect.after().equals(entry.after()))
                && (effect.before() == null || effect.before().equals(before(entry)))
                && (effect.payload() == null || effect.payload().equals(line.payload()));
    }

    private @Nullable String before(Trace entry) {
        Book.Line line = book.at(entry.cell(), entry.sequence() - 1);
        return line == null ? null : line.trace().after();
    }

    private static List<Trace> traces(List<Book.Line> lines) {
        return lines.stream().map(Book.Line::trace).toList();
    }

    private static List<String> cells(List<Book.Line> lines) {
        return List.copyOf(
                lines.stream().map(line -> line.trace().cell()).collect(Collectors.toCollection(TreeSet::new)));
    }

    private void report(Rule rule, String what, KeyStory story, List<Book.Line> lines) {
        findings.add(Finding.of(rule, what, cells(lines), story.calls()));
    }
}

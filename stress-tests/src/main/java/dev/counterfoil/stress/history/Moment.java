package dev.counterfoil.stress.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened at one instant: an update, a refusal or a read.
 *
 * @param name its key, or the id of the read
 * @param calls the calls that it was; none for the openings
 * @param from it happened after this
 * @param by it happened before this
 * @param wrote the entries that it left
 * @param saw what it saw of cells; a version of 0 is one that no entry made, a value of {@code ?} one that is not known
 */
record Moment(String name, List<Call> calls, long from, long by, List<Trace> wrote, List<Seen> saw) {
    /** All of a history. */
    static List<Moment> all(History history, List<KeyStory> stories, Book book) {
        Map<String, List<Book.Line>> byKey = new HashMap<>(book.byKey());
        Map<String, Long> versions = versions(book);
        List<Moment> moments = new ArrayList<>();
        for (KeyStory story : stories) {
            List<Trace> wrote = traces(byKey.remove(story.key()));
            Decided decided = story.decided();
            if (decided != null || !wrote.isEmpty()) {
                List<Seen> saw = decided == null ? List.of() : saw(decided, story, versions);
                moments.add(new Moment(story.key(), story.calls(), story.from(), story.by(), wrote, saw));
            }
            for (Call call : story.sends()) {
                Decided decision = call.answer().decision();
                if (decision != null && !decision.kept()) {
                    moments.add(alone(call, refusalSaw(decision, versions)));
                }
            }
        }
        byKey.forEach((key, lines) ->
                moments.add(new Moment(key, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, traces(lines), List.of())));
        for (Call call : history.calls()) {
            if (call.answer().type() == Answer.Type.READ) {
                moments.add(alone(call, call.answer().read()));
            }
        }
        return moments;
    }

    private static Moment alone(Call call, List<Seen> saw) {
        return new Moment(call.id(), List.of(call), call.sent(), call.answered(), List.of(), saw);
    }

    private static List<Trace> traces(@Nullable List<Book.Line> lines) {
        return lines == null ? List.of() : lines.stream().map(Book.Line::trace).toList();
    }

    private static List<Seen> saw(Decided decided, KeyStory story, Map<String, Long> versions) {
        if (!decided.applied()) {
            return refusalSaw(decided, versions);
        }
        List<Seen> saw = new ArrayList<>(Seen.parse(decided.seen()));
        Steps.split(Objects.requireNonNullElse(story.content(), ""))
                .filter(words -> words[0].equals("expect"))
                .forEach(words -> saw.add(new Seen(words[1], Long.parseLong(words[2]), "?")));
        return saw;
    }

    /** A refusal names the update that last changed what it observed: the version is that of this update's entry. */
    private static List<Seen> refusalSaw(Decided refused, Map<String, Long> versions) {
        if (refused.seen().isEmpty()) {
            return List.of();
        }
        String[] words = refused.seen().split(" ", -1);
        if (words[2].startsWith("#")) {
            return List.of(new Seen(words[0], Long.parseLong(words[2].substring(1)), "?"));
        }
        return List.of(new Seen(words[0], versions.getOrDefault(words[0] + " " + words[1], 0L), words[2]));
    }

    /** The last entry of each key in each cell. */
    private static Map<String, Long> versions(Book book) {
        Map<String, Long> versions = new HashMap<>();
        book.entries()
                .forEach((cell, lines) -> lines.forEach(line ->
                        versions.merge(cell + " " + line.key(), line.trace().sequence(), Math::max)));
        return versions;
    }
}

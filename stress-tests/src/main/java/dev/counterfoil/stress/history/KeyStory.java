package dev.counterfoil.stress.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All calls that had to do with one key, and what follows from them.
 *
 * @param key the key
 * @param calls the updates sent under it and the looks at it, by the time at which they were sent
 */
record KeyStory(String key, List<Call> calls) {
    static List<KeyStory> all(History history) {
        List<KeyStory> stories = new ArrayList<>();
        history.byKey().forEach((key, calls) -> stories.add(new KeyStory(key, List.copyOf(calls))));
        return stories;
    }

    /** The updates sent under it. */
    List<Call> sends() {
        return calls.stream().filter(call -> call.kind() == Call.Kind.UPDATE).toList();
    }

    /** The sends that were given the decision, as new or again. */
    private Stream<Call> answered() {
        return calls.stream().filter(call -> {
            Decided decision = call.answer().decision();
            return decision != null && decision.kept();
        });
    }

    /** How the key was decided, by the answer that says that it was new, else by the first that shows it; or null. */
    @Nullable
    Decided decided() {
        Optional<Call> fresh = fresh().findFirst();
        return fresh.or(this::firstThatShows)
                .map(call -> call.answer().decided())
                .orElse(null);
    }

    private Stream<Call> fresh() {
        return answered().filter(call -> call.answer().type() == Answer.Type.DECIDED);
    }

    private Optional<Call> firstThatShows() {
        return shows().min(Comparator.comparingLong(Call::answered));
    }

    private Stream<Call> shows() {
        return calls.stream().filter(call -> call.answer().shown() != null);
    }

    /** How many answers said that the decision was new. */
    long decisions() {
        return fresh().count();
    }

    /** What the decided update was to do; null where that cannot be known. */
    @Nullable
    String content() {
        Optional<Call> told = fresh().findFirst().or(() -> answered().findFirst());
        if (told.isPresent()) {
            return told.get().content();
        }
        List<String> untold = sends().stream()
                .filter(call -> call.answer().unknown())
                .map(Call::content)
                .distinct()
                .toList();
        return untold.size() == 1 ? untold.get(0) : null;
    }

    /** It was not decided before this: the first call that may have done it was sent then. */
    long from() {
        Stream<Call> candidates = decisions() == 1
                ? fresh()
                : sends().stream()
                        .filter(call -> call.answer().unknown()
                                || call.answer().type() == Answer.Type.DECIDED
                                || call.answer().type() == Answer.Type.REPLAYED);
        return candidates.mapToLong(Call::sent).min().orElse(Long.MIN_VALUE);
    }

    /** It was decided before this: the first answer that shows the decision was there then. */
    long by() {
        return shows().mapToLong(Call::answered).min().orElse(Long.MAX_VALUE);
    }

    /** How many of the sends were not told what they did. */
    long unknown() {
        return sends().stream().filter(call -> call.answer().unknown()).count();
    }

    /** True where the update took effect, and by a send that was not told so. */
    boolean appliedUnknown() {
        Decided decided = decided();
        return unknown() > 0 && decisions() == 0 && decided != null && decided.applied();
    }
}

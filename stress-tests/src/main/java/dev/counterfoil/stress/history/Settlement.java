package dev.counterfoil.stress.history;

import dev.counterfoil.Ledger;
import dev.counterfoil.stress.history.Sender.Wish;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks again, when all is quiet: each key of which a caller does not know what became of it is looked at, sent twice more, and
 * looked at again; so are some others. The answers are part of the history, and so must agree with everything before.
 */
final class Settlement {
    /** Of the keys whose answers are known, one in so many is asked again too. */
    private static final int ONE_IN = 20;

    /** A stale refusal is no answer for ever, and there may be a fault even now. */
    private static final int MOST_TRIES = 4;

    private Settlement() {}

    static void settle(Ledger ledger, Recorder recorder, History history) {
        Sender sender = new Sender(ledger, recorder);
        int number = 0;
        for (Map.Entry<String, List<Call>> key : history.byKey().entrySet()) {
            KeyStory story = new KeyStory(key.getKey(), key.getValue());
            if (story.unknown() > 0 || number++ % ONE_IN == 0) {
                settle(sender, story);
            }
        }
    }

    private static void settle(Sender sender, KeyStory story) {
        String content = content(story);
        if (content == null) {
            return;
        }
        Wish wish = new Wish(story.key(), content);
        if (!sender.canSend(wish)) {
            // What it reverses is lost, which is found out elsewhere.
            return;
        }
        sender.find(story.key());
        for (int answers = 0, tries = 0; answers < 2 && tries < MOST_TRIES; tries++) {
            answers += sender.send(wish).shown() == null ? 0 : 1;
        }
        sender.find(story.key());
    }

    private static @Nullable String content(KeyStory story) {
        String decided = story.content();
        if (decided != null) {
            return decided;
        }
        return story.sends().stream()
                .filter(call -> call.answer().unknown())
                .map(Call::content)
                .findFirst()
                .orElse(null);
    }
}

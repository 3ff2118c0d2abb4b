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
        sender.find(story.key());
        Wish wish = new Wish(story.key(), content);
        sender.send(wish, sender::receipt);
        sender.send(wish, sender::receipt);
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

package dev.counterfoil.stress.history;

import dev.counterfoil.stress.history.Finding.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at what only one update may have: a business reference, and the reversal of another update. */
final class OnceCheck {
    private final List<Finding> findings = new ArrayList<>();

    private OnceCheck() {}

    static List<Finding> check(List<KeyStory> stories) {
        OnceCheck check = new OnceCheck();
        check.check(stories, "reference", "REFERENCE_TAKEN", Rule.REFERENCE_TWICE);
        check.check(stories, "reverse", "ALREADY_REVERSED", Rule.REVERSED_TWICE);
        return check.findings;
    }

    private void check(List<KeyStory> stories, String verb, String reason, Rule rule) {
        Map<String, KeyStory> holders = new LinkedHashMap<>();
        List<KeyStory> refused = new ArrayList<>();
        for (KeyStory story : stories) {
            Decided decided = story.decided();
            String content = story.content();
            String held = content == null ? null : Steps.argument(content, verb);
            if (held == null || decided == null) {
                continue;
            }
            KeyStory other = decided.applied() ? holders.putIfAbsent(held, story) : null;
            if (other != null) {
                List<Call> calls = new ArrayList<>(story.calls());
                calls.addAll(other.calls());
                findings.add(Finding.of(rule, "two have " + verb + " " + held, List.of(), calls));
            }
            if (!decided.applied() && decided.what().equals(reason)) {
                refused.add(story);
            }
        }
        for (KeyStory story : refused) {
            String held = Steps.argument(String.valueOf(story.content()), verb);
            KeyStory holder = holders.get(held);
            Decided decided = story.decided();
            boolean named = holder != null && decided != null && decided.rest().contains("=" + holder.key() + "]");
            if (!named) {
                String what = "refused for " + verb + " " + held + ", which "
                        + (holder == null ? "nobody has" : holder.key() + " has, but is not named");
                findings.add(Finding.of(rule, what, List.of(), story.calls()));
            }
        }
    }
}

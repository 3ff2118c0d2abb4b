package dev.counterfoil.micrometer;

import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerEvent.Kind;
import dev.counterfoil.LedgerEvent.Phase;
import dev.counterfoil.LedgerEvent.Trouble;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Transactions that were tried: those that were committed, those that failed and why, those that were tried again. */
final class Attempts {
    private final Counter committed;
    private final Counter notCommitted;
    private final ByTrouble failed;
    private final ByTrouble retried;

    Attempts(MeterRegistry registry, Tags tags) {
        String tried = "Transactions of groups that were tried";
        committed = counter(registry, "counterfoil.attempts", tried, tags.and("result", "committed"));
        notCommitted = counter(registry, "counterfoil.attempts", tried, tags.and("result", "failed"));
        failed = new ByTrouble(
                registry,
                "counterfoil.attempts.failed",
                "Transactions of groups and reads that failed, by what that means and where they stood",
                tags);
        retried = new ByTrouble(registry, "counterfoil.retries", "Failed transactions that were tried again", tags);
    }

    /** One for each kind and phase, and one for what was no trouble of the database's. */
    private static final class ByTrouble {
        private final Map<Kind, Map<Phase, Counter>> known = new EnumMap<>(Kind.class);
        private final Counter other;

        ByTrouble(MeterRegistry registry, String name, String description, Tags tags) {
            for (Kind kind : Kind.values()) {
                Map<Phase, Counter> ofKind = new EnumMap<>(Phase.class);
                for (Phase phase : Phase.values()) {
                    Tags words = tags.and("trouble", Counters.word(kind), "phase", Counters.word(phase));
                    ofKind.put(phase, counter(registry, name, description, words));
                }
                known.put(kind, ofKind);
            }
            other = counter(registry, name, description, tags.and("trouble", "other", "phase", "other"));
        }

        void increment(@Nullable Trouble trouble) {
            Map<Phase, Counter> ofKind = trouble == null ? null : known.get(trouble.kind());
            Counter counter = trouble == null || ofKind == null ? null : ofKind.get(trouble.phase());
            (counter == null ? other : counter).increment();
        }
    }

    private static Counter counter(MeterRegistry registry, String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    void committed() {
        committed.increment();
    }

    void failed(LedgerEvent.AttemptFailed event) {
        if (!event.reading()) {
            notCommitted.increment();
        }
        failed.increment(event.trouble());
    }

    void retried(LedgerEvent.Retried event) {
        retried.increment(event.trouble());
    }
}

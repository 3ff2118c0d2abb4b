package dev.counterfoil.micrometer;

import dev.counterfoil.LedgerEvent.Call;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counters for each operation and each word of an enum, all there from the beginning: a series that appears has no rate. */
final class Counters<E extends Enum<E>> {
    private final Map<Call, Map<E, Counter>> ofCall = new EnumMap<>(Call.class);
    private final Map<E, Counter> ofAll;

    Counters(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            List<Call> calls,
            String tag,
            Class<E> words) {
        for (Call call : calls) {
            ofCall.put(call, of(registry, name, description, tags.and("operation", word(call)), tag, words));
        }
        ofAll = calls.isEmpty() ? of(registry, name, description, tags, tag, words) : new EnumMap<>(words);
    }

    private static <E extends Enum<E>> Map<E, Counter> of(
            MeterRegistry registry, String name, String description, Tags tags, String tag, Class<E> words) {
        Map<E, Counter> counters = new EnumMap<>(words);
        for (E each : words.getEnumConstants()) {
            counters.put(
                    each,
                    Counter.builder(name)
                            .description(description)
                            .tags(tags.and(tag, word(each)))
                            .register(registry));
        }
        return counters;
    }

    /** Counts one; null for what is not told apart by operations. */
    void increment(@Nullable Call call, E word) {
        Map<E, Counter> counters = call == null ? ofAll : ofCall.get(call);
        Counter counter = counters == null ? null : counters.get(word);
        if (counter != null) {
            counter.increment();
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

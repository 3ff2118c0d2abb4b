package dev.counterfoil.micrometer;

import dev.counterfoil.LedgerEvent.Call;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.LongStream;

/** How long calls took: a timer with a histogram for each operation, answered or failed. */
final class Timers {
    private static final Duration[] BUCKETS = LongStream.of(
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    25_000,
                    50_000,
                    100_000,
                    250_000,
                    500_000,
                    1_000_000,
                    2_500_000,
                    5_000_000,
                    10_000_000)
            .mapToObj(micros -> Duration.ofNanos(micros * 1000))
            .toArray(Duration[]::new);

    private final Map<Call, Timer> answered = new EnumMap<>(Call.class);
    private final Map<Call, Timer> failed = new EnumMap<>(Call.class);

    Timers(MeterRegistry registry, Tags tags) {
        for (Call call : Call.values()) {
            Tags ofCall = tags.and("operation", Counters.word(call));
            answered.put(call, calls(ofCall.and("result", "answered"), registry));
            failed.put(call, calls(ofCall.and("result", "failed"), registry));
        }
    }

    private static Timer calls(Tags tags, MeterRegistry registry) {
        return timer("counterfoil.calls", "Calls, from the call to its answer", tags, registry);
    }

    static Timer timer(String name, String description, Tags tags, MeterRegistry registry) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tags(tags)
                .register(registry);
    }

    Timer of(Call call, boolean fault) {
        Timer timer = (fault ? failed : answered).get(call);
        if (timer == null) {
            throw new IllegalArgumentException("no timer for " + call);
        }
        return timer;
    }
}

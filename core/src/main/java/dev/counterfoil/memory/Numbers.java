package dev.counterfoil.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives numbers to things that have none, from 1 on, each the same whenever it is asked for. Safe for use by many threads. */
final class Numbers<T> {
    private final Map<T, Long> numbers = new HashMap<>();
    private final List<T> things = new ArrayList<>();

    synchronized long of(T thing) {
        Long known = numbers.get(thing);
        if (known != null) {
            return known;
        }
        things.add(thing);
        long number = things.size();
        numbers.put(thing, number);
        return number;
    }

    /** What has the number, or null where nothing has it yet. */
    synchronized @Nullable T get(long number) {
        return number < 1 || number > things.size() ? null : things.get((int) number - 1);
    }
}

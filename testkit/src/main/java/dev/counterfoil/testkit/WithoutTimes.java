package dev.counterfoil.testkit;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of the library as plain lists, without the times that stores record: two stores that did the same give equal ones.
 * It takes records apart by their components, so a field that is added later is compared as well.
 */
final class WithoutTimes {
    private static final Set<String> TIMES = Set.of("recordedAt", "lastRecordedAt", "asOf");

    private WithoutTimes() {}

    static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Record record) {
            return parts(record);
        }
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null));
        }
        if (value instanceof Map<?, ?> map) {
            return of(map.entrySet().stream()
                    .map(e -> List.of(e.getKey(), e.getValue()))
                    .toList());
        }
        if (value instanceof Collection<?> collection) {
            List<@Nullable Object> all = new ArrayList<>();
            collection.forEach(item -> all.add(of(item)));
            return all;
        }
        return value;
    }

    private static List<@Nullable Object> parts(Record record) {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(record.getClass().getSimpleName());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (!TIMES.contains(component.getName())) {
                try {
                    parts.add(of(component.getAccessor().invoke(record)));
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError("a component of a public record is readable", e);
                }
            }
        }
        return parts;
    }
}

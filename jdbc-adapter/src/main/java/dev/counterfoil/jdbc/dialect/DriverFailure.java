package dev.counterfoil.jdbc.dialect;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds what a driver said inside what a pool, a batch or another wrapper made of it. */
public final class DriverFailure {
    private static final int MOST = 100;

    private DriverFailure() {}

    /**
     * The first failure that says something, looking at the given one, then at its causes and next exceptions, the nearest
     * first; the given one where none does. A chain that is a ring is walked once.
     *
     * @param failure what was caught
     * @param telling true for a failure with a code or a state of the driver
     */
    public static SQLException in(SQLException failure, Predicate<? super SQLException> telling) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> next = new ArrayDeque<>();
        add(failure, seen, next);
        for (Throwable at = next.poll(); at != null && seen.size() <= MOST; at = next.poll()) {
            if (at instanceof SQLException sql) {
                if (telling.test(sql)) {
                    return sql;
                }
                add(sql.getNextException(), seen, next);
            }
            add(at.getCause(), seen, next);
        }
        return failure;
    }

    private static void add(@Nullable Throwable failure, Set<Throwable> seen, Deque<Throwable> next) {
        if (failure != null && seen.add(failure)) {
            next.add(failure);
        }
    }
}

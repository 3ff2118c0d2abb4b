package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.StoreException.Phase;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a transaction stands, and a mark of it on the failure that ends it, which is thrown as it is otherwise. */
public final class Phases {
    private @Nullable Phase now = Phase.ACQUIRE;

    /** A transaction that has not begun. */
    public Phases() {}

    /** It has come so far. */
    public void enter(Phase phase) {
        now = phase;
    }

    /** It is committed. */
    public void end() {
        now = null;
    }

    /** True where it is committed. */
    public boolean isOver() {
        return now == null;
    }

    /** Marks a failure. One that takes no suppressed exceptions stays without. */
    public void mark(Throwable failure) {
        if (now != null) {
            failure.addSuppressed(new Mark(now));
        }
    }

    /** The last mark on a failure or its causes; null where there is none. */
    public static @Nullable Phase of(Throwable failure) {
        Phase found = null;
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable at = failure; at != null && found == null && seen.add(at); at = at.getCause()) {
            for (Throwable suppressed : at.getSuppressed()) {
                if (suppressed instanceof Mark mark) {
                    found = mark.phase;
                }
            }
        }
        return found;
    }

    /** The first of a class among a failure and its causes; null where there is none. */
    public static @Nullable Throwable cause(Throwable failure, Class<? extends Throwable> type) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable at = failure; at != null && seen.add(at); at = at.getCause()) {
            if (type.isInstance(at)) {
                return at;
            }
        }
        return null;
    }

    private static final class Mark extends Exception {
        private static final long serialVersionUID = 1L;

        private final Phase phase;

        Mark(Phase phase) {
            super("the transaction failed in its phase " + phase, null, false, false);
            this.phase = phase;
        }
    }
}

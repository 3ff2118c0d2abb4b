package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import java.lang.reflect.Field;
import java.util.List;

/** Looks into the queue of shared commits when nobody calls. */
public final class Idle {
    private Idle() {}

    /** Asserts that nothing is kept of the calls that were made: no memory, no way, no turn. */
    public static void assertNothingKept(Ledger ledger) throws ReflectiveOperationException {
        assertNothingKept((Submission) in(StoreLedger.class, ledger, "writes"));
    }

    static void assertNothingKept(Submission commits) throws ReflectiveOperationException {
        Object queue = in(GroupCommit.class, commits, "queue");
        for (String name : List.of("waiting", "waitingFor", "flying", "parked", "reserved")) {
            assertThat(in(CommitQueue.class, queue, name))
                    .as(name)
                    .hasToString(name.equals("waitingFor") ? "{}" : "[]");
        }
        assertThat(List.of(
                        in(CommitQueue.class, queue, "flights"),
                        in(CommitQueue.class, queue, "functions"),
                        in(CommitQueue.class, queue, "wantIn"),
                        in(CommitQueue.class, queue, "turnGiven"),
                        in(CommitQueue.class, queue, "parkedFly")))
                .containsExactly(0, 0, 0, false, false);
    }

    private static Object in(Class<?> type, Object from, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }
}

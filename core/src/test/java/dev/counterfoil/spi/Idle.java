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
        Object parked = in(CommitQueue.class, queue, "parked");
        assertThat(in(CommitQueue.class, queue, "waiting")).as("waiting").hasToString("[]");
        assertThat(in(ParkedRequests.class, parked, "all")).as("parked").hasToString("[]");
        assertThat(in(ParkedRequests.class, parked, "reserved")).as("reserved").hasToString("[]");
        assertThat(in(Claims.class, in(CommitQueue.class, queue, "claims"), "byName"))
                .as("claims")
                .hasToString("{}");
        assertThat(List.of(
                        in(CommitQueue.class, queue, "flights"),
                        in(CommitQueue.class, queue, "functions"),
                        in(CommitQueue.class, queue, "wantIn"),
                        in(CommitQueue.class, queue, "turnGiven"),
                        in(ParkedRequests.class, parked, "fly")))
                .containsExactly(0, 0, 0, false, false);
    }

    private static Object in(Class<?> type, Object from, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(from);
    }
}

package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever leads waits a moment for those who were just answered, and no longer. */
@Timeout(30)
class JustAnsweredTest {
    private static final Duration COMMIT = Duration.ofMillis(80);

    /** Between an answer and the next update of the same caller: the next leader is awake by then. */
    private static final Duration AWAY = Duration.ofMillis(2);

    private static final int UPDATES = 10;

    /** Without the wait each goes alone, and waits for the other's commit before his own: twice as many. */
    @Test
    void twoCallersOfOneCellWhoSoonAskAgainShareTheirCommits() throws InterruptedException {
        FakeStore store = FakeStore.following().thenAlways((group, deadline) -> {
            LockSupport.parkNanos(COMMIT.toNanos());
            return FakeStore.applies().take(group, deadline);
        });
        try (StoreLedger ledger = new StoreLedger(store.groupsAtOnce(1), LedgerSettings.defaults())) {
            List<Thread> callers = new ArrayList<>();
            for (String name : List.of("a", "b")) {
                Thread caller = new Thread(() -> {
                    for (int i = 0; i < UPDATES; i++) {
                        ledger.apply(update(name + i)).orThrow();
                        LockSupport.parkNanos(AWAY.toNanos());
                    }
                });
                caller.start();
                callers.add(caller);
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
        List<List<String>> sent = store.sent();
        assertThat(sent.stream().mapToInt(List::size).sum()).isEqualTo(2 * UPDATES);
        assertThat(sent).hasSizeBetween(UPDATES, UPDATES * 9 / 5);
    }

    private static Update update(String key) {
        AccountId account = AccountId.of("retainer", "42");
        return Update.of(key)
                .add(account.balance("shared", Unit.of("SAR", 2)), "1")
                .build();
    }

    @Test
    void whoNeverComesBackIsNotWaitedForBeyondTheBoundWhateverTimeHisGroupTook() {
        JustAnswered answered = new JustAnswered();
        answered.are(5, Duration.ofHours(10).toNanos());
        long began = System.nanoTime();
        answered.await();
        assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void thoseOfTwoGroupsAreBackWhenAsManyHaveComeAsWereAnsweredInBoth() {
        JustAnswered answered = new JustAnswered();
        answered.are(2, Duration.ofHours(10).toNanos());
        answered.are(3, Duration.ofHours(10).toNanos());
        answered.come(5);
        assertThat(answered.areBack()).isTrue();
        answered.are(2, 0);
        answered.come(1);
        assertThat(answered.areBack()).isFalse();
    }
}

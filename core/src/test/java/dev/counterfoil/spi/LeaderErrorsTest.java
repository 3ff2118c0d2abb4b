package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An error between a leader's turn and his group's way to the store leaves nothing on its way. */
@Timeout(30)
class LeaderErrorsTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final Deadline LATER = Deadline.after(Duration.ofSeconds(25));
    private static final StoreLedger MAKER = new StoreLedger(FakeStore.following(), LedgerSettings.defaults());

    private final GroupCommit commits = new GroupCommit(
            new Sending(
                    FakeStore.following(),
                    Retry.named("test", RetryPolicy.contention().withMaxAttempts(1))),
            1,
            10_000);

    private static Request on(String key) {
        return MAKER.posting(
                Update.of(key).add(ACCOUNT.balance("a", Unit.of("SAR", 2)), "1").build());
    }

    /** The second part of his list has no deadline, which the queue finds when it has chosen the members of the group. */
    @Test
    void whatWasChosenByALeaderWhoFailsKeepsNobodyWhoComesLater() throws Exception {
        List<Request> list = new ArrayList<>();
        for (int i = 0; i <= GroupRoom.REQUESTS; i++) {
            list.add(on("u" + i));
        }
        Iterator<Deadline> deadlines = Arrays.asList(LATER, null).iterator();
        assertThatThrownBy(() -> commits.run(list, deadlines::next, () -> false))
                .isInstanceOf(NullPointerException.class);

        CompletableFuture<List<End>> next =
                CompletableFuture.supplyAsync(() -> commits.run(List.of(on("next")), () -> LATER, () -> false));
        assertThat(next.get(10, TimeUnit.SECONDS).get(0).fault()).isNull();
        Idle.assertNothingKept(commits);
    }
}

package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Fingerprints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is reserved for parked requests is free again when none of them is left. */
class ParkedRequestsTest {
    private final Claims claims = new Claims();
    private final ParkedRequests parked = new ParkedRequests();

    private Queued request(CommitCaller caller, String key, String... accounts) {
        Update.Builder builder = Update.of(key);
        TreeSet<CellAddress> cells = new TreeSet<>();
        for (String account : accounts) {
            var cell = AccountId.of("account", account).balance("cash", Unit.of("SAR", 2));
            builder.add(cell, "1.00");
            cells.add(CellAddress.of("n", cell));
        }
        Update update = builder.build();
        Queued one = new Queued(
                new Item(new Request.Posting(
                        "n",
                        update.key(),
                        Fingerprints.of("n", update),
                        cells,
                        Map.of(),
                        new Request.Intent.Apply(update))),
                caller);
        claims.take(one);
        return one;
    }

    @Test
    void whatIsReservedForTheLastParkedOneIsFreeWhenThatGoesAgainBehindItsList() {
        CommitCaller caller = new CommitCaller(Thread.currentThread(), Deadline.after(Duration.ofSeconds(10)));
        Queued flying = request(caller, "first", "b");
        Queued behind = request(caller, "second", "a", "b");
        flying.flies();
        parked.add(behind);

        assertThat(parked.take(caller)).isEmpty();
        Claim shared = flying.claims().get(0);
        assertThat(parked.reserves(shared)).isTrue();
        flying.lands();
        List<Queued> again = new ArrayList<>(List.of(flying));
        parked.follow(again);

        assertThat(again).containsExactly(flying, behind);
        assertThat(parked.size()).isZero();
        assertThat(parked.reserves(shared)).isFalse();
    }
}

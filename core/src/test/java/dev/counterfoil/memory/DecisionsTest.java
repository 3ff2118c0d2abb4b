package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Key;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecisionsTest {
    private static final Unit ONE = Unit.of("ONE", 0);

    private static Kept kept(Key key) {
        Update update =
                Update.of(key).open(AccountId.of("a", "1").balance("b", ONE)).build();
        return new Kept.Posted(update, Instant.EPOCH, List.of());
    }

    /** Keys of which each has the hash of seven others: each pair of letters has that of the other pair. */
    private static List<Key> keys(int groups) {
        List<Key> keys = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            for (int i = 0; i < 8; i++) {
                String letters = IntStream.of(i & 1, i & 2, i & 4)
                        .mapToObj(bit -> bit == 0 ? "Aa" : "BB")
                        .reduce("", String::concat);
                keys.add(Key.of(group + letters));
            }
        }
        assertThat(keys.get(0)).hasSameHashCodeAs(keys.get(7)).isNotEqualTo(keys.get(7));
        return keys;
    }

    @Test
    void whatWasKeptFirstStaysHoweverManyCome() {
        Decisions decisions = new Decisions();
        List<Key> keys = keys(5_000);
        List<Kept> first = new ArrayList<>();
        for (Key key : keys) {
            assertThat(decisions.get(key)).isNull();
            first.add(kept(key));
            assertThat(decisions.putIfAbsent(key, first.get(first.size() - 1))).isNull();
        }
        for (int i = 0; i < keys.size(); i++) {
            assertThat(decisions.putIfAbsent(keys.get(i), kept(keys.get(i)))).isSameAs(first.get(i));
            assertThat(decisions.get(keys.get(i))).isSameAs(first.get(i));
        }
    }

    @Test
    void ofManyWhoWantOneKeyOneGetsIt() throws Exception {
        int threads = 3;
        Decisions decisions = new Decisions();
        List<Key> keys = keys(5_000);
        CyclicBarrier start = new CyclicBarrier(threads);
        List<CompletableFuture<List<Boolean>>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            CompletableFuture<List<Boolean>> won = new CompletableFuture<>();
            all.add(won);
            new Thread(() -> {
                        try {
                            start.await(20, TimeUnit.SECONDS);
                            won.complete(keys.stream()
                                    .map(key -> decisions.putIfAbsent(key, kept(key)) == null)
                                    .toList());
                        } catch (Throwable e) {
                            won.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        int[] winners = new int[keys.size()];
        for (CompletableFuture<List<Boolean>> won : all) {
            List<Boolean> of = won.get(30, TimeUnit.SECONDS);
            for (int i = 0; i < winners.length; i++) {
                winners[i] += of.get(i) ? 1 : 0;
            }
        }
        assertThat(winners).containsOnly(1);
    }
}

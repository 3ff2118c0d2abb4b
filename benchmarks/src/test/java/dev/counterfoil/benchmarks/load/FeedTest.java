package dev.counterfoil.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What is sent is what the documents say. */
class FeedTest {
    @Test
    void fiveOfAHundredAreTooLargeAndOneIsAnEarlierOneSentAgain() {
        long seed = RandomGenerator.getDefault().nextLong();
        Feed feed = new Feed(Draw.uniform(10), "caller-", seed);
        Tally tally = new Tally(10);
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            Transfer transfer = feed.next();
            keys.add(transfer.key().toString());
            feed.answered(transfer, !transfer.mustBeRejected(), tally);
        }

        assertThat(tally.faults()).as("seed " + seed).isEmpty();
        assertThat(tally.rejected()).as("refused, seed " + seed).isBetween(800L, 1_200L);
        assertThat(tally.repeated()).as("repeated, seed " + seed).isBetween(100L, 300L);
        assertThat(keys).as("seed " + seed).hasSize((int) (tally.applied() + tally.rejected()));
    }
}

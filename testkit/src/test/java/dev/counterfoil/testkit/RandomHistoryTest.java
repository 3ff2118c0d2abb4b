package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.EntryType;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomHistoryTest {
    private static List<Outcome> play(RandomHistory history, int calls) {
        List<Outcome> all = new ArrayList<>();
        try (Ledger ledger = MemoryLedger.create()) {
            for (int i = 0; i < calls; i++) {
                List<Outcome> outcomes = history.next().on(ledger);
                history.learn(outcomes);
                all.addAll(outcomes);
            }
            Books.of(ledger, List.of(RandomHistory.KIND)).audited();
        }
        return all;
    }

    @Test
    void itMeetsEveryAnswerThereIs() {
        List<Outcome> outcomes = play(new RandomHistory(Seed.of(4711), "k-"), 4000);
        Map<Reason, Integer> reasons = new EnumMap<>(Reason.class);
        Map<EntryType, Integer> types = new EnumMap<>(EntryType.class);
        int applied = 0;
        int replayed = 0;
        int reused = 0;
        for (Outcome outcome : outcomes) {
            if (outcome instanceof KeyReused) {
                reused++;
                continue;
            }
            replayed += ((Decision) outcome).replayed() ? 1 : 0;
            if (outcome instanceof Rejected no) {
                reasons.merge(no.reason(), 1, Integer::sum);
            } else if (outcome instanceof Applied yes && !yes.replayed()) {
                applied++;
                yes.receipt().entries().forEach(entry -> types.merge(entry.type(), 1, Integer::sum));
            }
        }

        System.out.println("applied " + applied + ", replayed " + replayed + ", reused " + reused + ", " + reasons);
        assertThat(reasons.keySet()).contains(Reason.values());
        Set<EntryType> withoutDamage = EnumSet.complementOf(EnumSet.of(EntryType.RESTORE));
        assertThat(types.keySet()).containsAll(withoutDamage);
        assertThat(applied).isGreaterThan(outcomes.size() / 3);
        assertThat(replayed).isGreaterThan(outcomes.size() / 50);
        assertThat(reused).isGreaterThan(outcomes.size() / 100);
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        List<Outcome> one = play(new RandomHistory(Seed.of(42), "k-"), 300);
        List<Outcome> two = play(new RandomHistory(Seed.of(42), "k-"), 300);
        List<Outcome> other = play(new RandomHistory(Seed.of(43), "k-"), 300);
        assertThat(WithoutTimes.of(one)).isEqualTo(WithoutTimes.of(two)).isNotEqualTo(WithoutTimes.of(other));
    }
}

package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SkewWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final BalanceId BALANCE = AccountId.of("shop", "1").balance("cash", Unit.of("SAR", 2));

    @Test
    void five_seconds_are_nothing_and_more_is_said_once_a_minute() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7);
        SkewWatch watch = new SkewWatch(nanos::get);
        assertThat(watch.look(Duration.ZERO)).isFalse();
        assertThat(watch.look(Duration.ofSeconds(5))).isFalse();
        assertThat(watch.look(Duration.ofSeconds(6))).isTrue();
        assertThat(watch.look(Duration.ofSeconds(7))).isFalse();
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(watch.look(Duration.ofSeconds(8))).isFalse();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(watch.look(Duration.ofSeconds(9))).isTrue();
    }

    @Test
    void an_evaluation_finds_how_far_its_clock_lies_behind_a_cell_that_it_names() {
        assertThat(skew(NOW.plusSeconds(90))).isEqualTo(Duration.ofSeconds(90));
        assertThat(skew(NOW)).isZero();
        assertThat(skew(NOW.minusSeconds(90))).isZero();
    }

    private static Duration skew(Instant lastRecordedAt) {
        CellAddress address = CellAddress.of("", BALANCE);
        Cell cell =
                new Balance(BALANCE, new BigDecimal("1.00"), Limits.none(), 1, false, Key.of("before"), lastRecordedAt);
        GroupEvaluation evaluation = new GroupEvaluation(
                new StoredCells(Map.of(address, cell), NOW), new GroupEvaluation.Known(Map.of(), Map.of(), Map.of()));
        Update update = Update.of("k").add(BALANCE, "1.00").build();
        Answer answer = evaluation.judge(new Request.Posting(
                "",
                update.key(),
                new Fingerprint(1, "00"),
                new TreeSet<>(Set.of(address)),
                Map.of(),
                new Request.Intent.Apply(update)));
        assertThat(answer).isInstanceOf(Answer.Decided.class);
        return evaluation.changes().skew();
    }
}

package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodTest {
    @ParameterizedTest
    @CsvSource({
        "2026-03, Asia/Riyadh, 2026-02-28T21:00:00Z, 2026-03-31T21:00:00Z",
        // The clocks go forward and back.
        "2026-03, Europe/Berlin, 2026-02-28T23:00:00Z, 2026-03-31T22:00:00Z",
        "2026-10, Europe/Berlin, 2026-09-30T22:00:00Z, 2026-10-31T23:00:00Z",
        "2024-02, UTC, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "2026-12, UTC, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
    })
    void a_month_has_the_hours_that_its_zone_gives_it(YearMonth month, String zone, Instant from, Instant to) {
        Period period = Period.of(month, ZoneId.of(zone));
        assertThat(period.to())
                .isEqualTo(Period.of(month.plusMonths(1), ZoneId.of(zone)).from());
        assertThat(period).isEqualTo(Period.of(from, to));
    }

    @Test
    void a_month_that_changes_the_clocks_is_an_hour_shorter_or_longer() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Period march = Period.of(YearMonth.of(2026, 3), berlin);
        Period october = Period.of(YearMonth.of(2026, 10), berlin);
        assertThat(Duration.between(march.from(), march.to())).isEqualTo(Duration.ofHours(31 * 24 - 1));
        assertThat(Duration.between(october.from(), october.to())).isEqualTo(Duration.ofHours(31 * 24 + 1));
    }

    @Test
    void a_month_begins_when_its_first_day_does_where_there_was_no_midnight() {
        // Cuba's clocks went from midnight to one o'clock on 1 April 1990.
        ZoneId havana = ZoneId.of("America/Havana");
        assertThat(Period.of(YearMonth.of(1990, 4), havana).from()).isEqualTo("1990-04-01T05:00:00Z");
        assertThat(Period.of(YearMonth.of(1990, 3), havana).to()).isEqualTo("1990-04-01T05:00:00Z");
    }

    @Test
    void it_has_its_beginning_and_not_its_end() {
        Instant from = Instant.EPOCH;
        Instant to = from.plusNanos(2);
        Period period = Period.of(from, to);
        assertThat(period.contains(from)).isTrue();
        assertThat(period.contains(from.plusNanos(1))).isTrue();
        assertThat(period.contains(to)).isFalse();
        assertThat(period.contains(from.minusNanos(1))).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Period.of(from, from));
        assertThatIllegalArgumentException().isThrownBy(() -> Period.of(to, from));
    }
}

package dev.counterfoil.spi;

import static dev.counterfoil.spi.LongHistory.CELL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BrokenHistoryException;
import dev.counterfoil.Fate;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Ledger;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reading back costs on long histories, and that it believes no entries that do not fit. */
class PastReadsTest {
    private static final long TEN_MILLIONS = 10_000_000;

    private static Ledger on(LongHistory store) {
        return new StoreLedger(store, LedgerSettings.defaults());
    }

    private static LongHistory sound(long version) {
        return new LongHistory(version, entry -> entry);
    }

    @Test
    void a_time_is_found_among_ten_million_entries_by_some_24_looks() {
        for (long sequence : new long[] {1, 2, 3, 4, 77, 5_000_000, 9_999_998, TEN_MILLIONS}) {
            LongHistory store = sound(TEN_MILLIONS);
            Instant time = LongHistory.time(sequence);
            // The last of the three that share the second.
            long last = Math.min(TEN_MILLIONS, (sequence + 2) / 3 * 3);
            assertThat(on(store).asOf(time, CELL).find(CELL))
                    .map(BalanceEntry::sequence)
                    .hasValue(last);
            assertThat(store.reads()).as("reads for %d", sequence).isLessThanOrEqualTo(24);
            assertThat(store.entries()).isEqualTo(store.reads());
        }
        LongHistory store = sound(TEN_MILLIONS);
        assertThat(on(store).asOf(Instant.EPOCH, CELL).find(CELL)).isEmpty();
        assertThat(store.reads()).isLessThanOrEqualTo(24);
    }

    @Test
    void every_time_is_found_in_histories_of_every_length() {
        for (long version = 1; version <= 20; version++) {
            Ledger ledger = on(sound(version));
            for (long second = 0; second <= LongHistory.time(version).getEpochSecond(); second++) {
                BigDecimal expected = BigDecimal.valueOf(Math.min(version, 3 * second));
                assertThat(ledger.asOf(Instant.ofEpochSecond(second), CELL)
                                .find(CELL)
                                .map(BalanceEntry::after)
                                .orElse(BigDecimal.ZERO))
                        .as("%d entries, second %d", version, second)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void a_filter_finds_its_beginning_without_looking_at_what_was_before() {
        LongHistory store = sound(TEN_MILLIONS);
        Instant from = LongHistory.time(9_000_000);
        var page = on(store).history(CELL, HistoryFilter.all().withFrom(from), PageRequest.first(5));
        assertThat(page.items())
                .extracting(BalanceEntry::sequence)
                .containsExactly(8_999_998L, 8_999_999L, 9_000_000L, 9_000_001L, 9_000_002L);
        assertThat(page.next()).map(PageRequest::cursor).hasValue("9000002");
        assertThat(store.entries()).isLessThan(40);
    }

    @Test
    void a_filter_that_nothing_meets_ends_after_ten_thousand_entries() {
        LongHistory store = sound(TEN_MILLIONS);
        var page = on(store).history(CELL, HistoryFilter.all().withForcedOnly(), PageRequest.first(5));
        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isPresent();
        assertThat(store.entries()).isBetween(10_000L, 11_000L);
    }

    @Test
    void a_statement_reads_its_period_and_no_more_than_a_page_beyond() {
        LongHistory store = sound(TEN_MILLIONS);
        Period period = Period.of(LongHistory.time(3_000_001), LongHistory.time(3_006_001));
        List<BalanceEntry> entries = new ArrayList<>();
        Statement statement = on(store).statement(CELL, period, entries::add);
        assertThat(statement.opening()).isEqualByComparingTo("3000000");
        assertThat(statement.closing()).isEqualByComparingTo("3006000");
        assertThat(entries).hasSize(6_000);
        assertThat(store.entries()).isLessThanOrEqualTo(7_030);
    }

    private static BalanceEntry with(BalanceEntry entry, BigDecimal delta, BigDecimal after, Instant time) {
        return new BalanceEntry(
                entry.cell(),
                entry.sequence(),
                entry.type(),
                delta,
                after,
                entry.limits(),
                null,
                entry.key(),
                entry.index(),
                time,
                null);
    }

    private static BrokenHistoryException broken(UnaryOperator<BalanceEntry> change) {
        Period period = Period.of(LongHistory.time(31), LongHistory.time(61));
        Ledger ledger = on(new LongHistory(90, change));
        BrokenHistoryException broken =
                catchThrowableOfType(BrokenHistoryException.class, () -> ledger.statement(CELL, period, entry -> {}));
        assertThat(broken).isNotNull();
        assertThat(broken.cell()).isEqualTo(CELL);
        assertThat(broken.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(broken).hasMessageContaining(CELL.toString()).hasMessageContaining("verify");
        return broken;
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 45, 60})
    void a_delta_that_does_not_fit_is_refused(long sequence) {
        BrokenHistoryException broken = broken(entry ->
                entry.sequence() == sequence ? with(entry, BigDecimal.TEN, entry.after(), entry.recordedAt()) : entry);
        assertThat(broken.sequence()).isEqualTo(sequence);
    }

    @Test
    void what_comes_behind_the_period_must_begin_with_what_it_ended_with() {
        broken(entry ->
                entry.sequence() == 61 ? with(entry, BigDecimal.TEN, entry.after(), entry.recordedAt()) : entry);
        // The opening amount was changed, and so that it fits what follows, all of the period.
        broken(entry -> entry.sequence() >= 25 && entry.sequence() <= 60
                ? with(entry, entry.delta(), entry.after().add(BigDecimal.TEN), entry.recordedAt())
                : entry);
    }

    @Test
    void the_last_entry_must_lead_to_the_cell_as_it_stands() {
        Ledger ledger = on(new LongHistory(
                90,
                entry -> entry.sequence() >= 50
                        ? with(
                                entry,
                                entry.sequence() == 50 ? BigDecimal.TEN : BigDecimal.ONE,
                                entry.after().add(BigDecimal.valueOf(9)),
                                entry.recordedAt())
                        : entry));
        Period period = Period.of(LongHistory.time(31), LongHistory.time(90).plusSeconds(1));
        assertThatThrownBy(() -> ledger.statement(CELL, period, entry -> {}))
                .isInstanceOf(BrokenHistoryException.class);
    }

    @Test
    void times_that_go_back_are_refused() {
        broken(entry -> entry.sequence() == 45
                ? with(entry, entry.delta(), entry.after(), entry.recordedAt().minus(Duration.ofSeconds(3)))
                : entry);
    }

    @Test
    void an_entry_that_is_missing_is_refused() {
        UnaryOperator<BalanceEntry> shifted = entry -> entry.sequence() < 40
                ? entry
                : new BalanceEntry(
                        entry.cell(),
                        entry.sequence() + 1,
                        entry.type(),
                        entry.delta(),
                        entry.after(),
                        null,
                        null,
                        entry.key(),
                        0,
                        entry.recordedAt(),
                        null);
        assertThat(broken(shifted)).hasMessageContaining("is not there");
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Limits;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Period;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories of which only some entries are wanted. */
abstract class FilteredHistoryContract extends ContractPart {
    FilteredHistoryContract(LedgerContract store) {
        super(store);
    }

    private List<Entry> all(HistoryFilter filter, int limit) {
        List<Entry> all = new ArrayList<>();
        Optional<PageRequest> next = Optional.of(PageRequest.first(limit));
        while (next.isPresent()) {
            Page<BalanceEntry> page = ledger.history(AVAILABLE, filter, next.get());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            next = page.next();
        }
        return all;
    }

    @Test
    void filtersGiveWhatMeetsThemInAnyPages() {
        Seed seed = Seed.of("filters");
        openAccount();
        applied(update().setLimits(AVAILABLE, Limits.atMost("1000")));
        applied(update().force("because").add(AVAILABLE, "1.00"));
        for (int i = 0; i < 40; i++) {
            Update.Builder update = update();
            switch (seed.below(4)) {
                case 0 -> update.setLimits(AVAILABLE, Limits.atMost("1000"));
                case 1 -> update.force("because").add(AVAILABLE, "9.00");
                case 2 -> update.take(AVAILABLE, "1.00").take(AVAILABLE, "2.00");
                default -> update.take(AVAILABLE, "0.01");
            }
            applied(update);
        }
        List<Entry> history = Books.history(ledger, AVAILABLE);
        for (int i = 0; i < 25; i++) {
            HistoryFilter filter = filter(seed, history);
            List<Entry> expected = history.stream().filter(filter::matches).toList();
            int limit = seed.oneOf(List.of(1, 3, 7, 1000));
            assertThat(all(filter, limit))
                    .as("%s, %s by %d", seed, filter, limit)
                    .isEqualTo(expected);
        }
        assertThat(history)
                .filteredOn(HistoryFilter.all().withForcedOnly()::matches)
                .isNotEmpty();
    }

    private static HistoryFilter filter(Seed seed, List<Entry> history) {
        HistoryFilter filter = HistoryFilter.all();
        if (seed.percent(50)) {
            filter = filter.withFrom(time(seed, history));
        }
        Instant to = time(seed, history);
        if (seed.percent(50) && (filter.from() == null || filter.from().isBefore(to))) {
            filter = filter.withTo(to);
        }
        if (seed.percent(40)) {
            filter = filter.withTypes(EntryType.SET_LIMITS, EntryType.OPEN);
        }
        return seed.percent(20) ? filter.withForcedOnly() : filter;
    }

    private static Instant time(Seed seed, List<Entry> history) {
        return seed.oneOf(history).recordedAt().plusNanos(seed.oneOf(List.of(-1000, 0, 1, 1000)));
    }

    @Test
    void cursorsOfAllPagesFitEachOther() {
        openAccount();
        for (int i = 0; i < 6; i++) {
            applied(update().take(AVAILABLE, "1.00"));
        }
        PageRequest third =
                ledger.history(AVAILABLE, PageRequest.first(3)).next().orElseThrow();
        HistoryFilter increments = HistoryFilter.all().withTypes(EntryType.INCREMENT);
        Page<BalanceEntry> page = ledger.history(AVAILABLE, increments, new PageRequest(2, third.cursor()));
        assertThat(page.items()).extracting(BalanceEntry::sequence).containsExactly(4L, 5L);
        applied(update().take(AVAILABLE, "1.00"));
        assertThat(ledger.history(AVAILABLE, page.next().orElseThrow()).items())
                .extracting(BalanceEntry::sequence)
                .containsExactly(6L, 7L);
        Instant late = ledger.asOf(AVAILABLE, 7).orElseThrow().recordedAt();
        PageRequest early = PageRequest.after("2", 1000);
        assertThat(ledger.history(AVAILABLE, HistoryFilter.all().withFrom(late), early)
                        .items())
                .allSatisfy(entry -> assertThat(entry.recordedAt()).isAfterOrEqualTo(late))
                .extracting(BalanceEntry::sequence)
                .contains(7L, 8L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.history(AVAILABLE, increments, PageRequest.after("x", 1)));
    }

    @Test
    void aCallPassesOverSoManyEntriesAndNoMore() {
        openAccount();
        List<Update> many = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            Update.Builder update = update();
            for (int n = 0; n < 1000; n++) {
                update.append(USAGE, "");
            }
            many.add(update.build());
        }
        ledger.applyEach(many).forEach(outcome -> outcome.orThrow());
        applied(update().close(USAGE));

        HistoryFilter closings = HistoryFilter.all().withTypes(EntryType.CLOSE);
        Page<JournalEntry> first = ledger.history(USAGE, closings, PageRequest.first(10));
        assertThat(first.items()).isEmpty();
        Page<JournalEntry> second = ledger.history(USAGE, closings, first.next().orElseThrow());
        assertThat(second.items()).extracting(JournalEntry::sequence).containsExactly(13_002L);
        assertThat(second.next()).isEmpty();

        // A beginning in time is not passed over, but found.
        Instant closed = second.items().get(0).recordedAt();
        assertThat(ledger.history(USAGE, closings.withFrom(closed), PageRequest.first(10))
                        .items())
                .isEqualTo(second.items());
    }

    @Test
    void whatIsNotThereIsEmptyAndOtherCellsAreRefused() {
        Instant time = openAccount().recordedAt();
        PageRequest first = PageRequest.first(10);
        HistoryFilter filter = HistoryFilter.all().within(Period.of(time, time.plusSeconds(1)));
        assertThat(ledger.history(OTHER, filter, first).items()).isEmpty();
        assertThat(ledger.history(OTHER, filter, first).next()).isEmpty();
        assertThat(ledger.history(STATUS, filter, first).items()).hasSize(1);
        assertThat(ledger.history(USAGE, filter, first).items()).hasSize(1);
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.history(ACCOUNT.journal("status"), filter, first));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.history(ACCOUNT.balance("available", Unit.of("EUR", 2)), filter, first));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.history(STATUS, filter.withForcedOnly(), first));
        assertThatIllegalArgumentException().isThrownBy(() -> filter.withTo(time));
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.Fate;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotSettledException;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Past;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Cells as of a version, and as of a time. */
abstract class PastContract extends ContractPart {
    PastContract(LedgerContract store) {
        super(store);
    }

    /** What a cell's last entry was at a time, by looking at them all. */
    static Optional<Entry> last(List<Entry> history, Instant time) {
        return history.stream()
                .filter(entry -> !entry.recordedAt().isAfter(time))
                .reduce((before, entry) -> entry);
    }

    static Optional<? extends Entry> find(Past past, CellId cell) {
        if (cell instanceof BalanceId balance) {
            return past.find(balance);
        }
        return cell instanceof RegisterId register ? past.find(register) : past.find((JournalId) cell);
    }

    private Optional<? extends Entry> asOf(CellId cell, long version) {
        if (cell instanceof BalanceId balance) {
            return ledger.asOf(balance, version);
        }
        return cell instanceof RegisterId register
                ? ledger.asOf(register, version)
                : ledger.asOf((JournalId) cell, version);
    }

    @Test
    void aRandomHistoryIsReadBackAsItWas() {
        Seed seed = Seed.of("the past");
        RandomHistory history = new RandomHistory(seed, "past-");
        for (int i = 0; i < 70; i++) {
            history.learn(history.next().on(ledger));
        }
        Map<CellId, List<Entry>> all = longest(Books.of(ledger, List.of(RandomHistory.KIND)), 2);
        assertThat(all.values())
                .as("%s", seed)
                .allSatisfy(entries -> assertThat(entries).hasSizeGreaterThan(1));

        TreeSet<Instant> times = new TreeSet<>();
        all.forEach((cell, entries) -> {
            for (Entry entry : entries) {
                assertThat(asOf(cell, entry.sequence())).as("%s", seed).isEqualTo(Optional.of(entry));
                times.add(entry.recordedAt().minus(1, ChronoUnit.MICROS));
                times.add(entry.recordedAt());
                times.add(entry.recordedAt().plusNanos(999));
            }
            assertThat(asOf(cell, entries.size() + 1L)).isEmpty();
        });
        CellId[] cells = all.keySet().toArray(CellId[]::new);
        for (Instant time : some(seed, times)) {
            Past past = ledger.asOf(time, cells);
            assertThat(past.time()).isEqualTo(time);
            all.forEach((cell, entries) -> assertThat(find(past, cell))
                    .as("%s, %s at %s", seed, cell, time)
                    .isEqualTo(last(entries, time)));
        }
    }

    /** So few that it does not take long on a server far away. */
    private static List<Instant> some(Seed seed, Collection<Instant> times) {
        List<Instant> some = new ArrayList<>(times);
        while (some.size() > 24) {
            some.remove(seed.below(some.size()));
        }
        return some;
    }

    private static Map<CellId, List<Entry>> longest(Books books, int cells) {
        Map<CellId, List<Entry>> longest = new HashMap<>();
        books.entries().entrySet().stream()
                .sorted(Comparator.comparing(one -> -one.getValue().size()))
                .limit(cells)
                .forEach(one -> longest.put(one.getKey(), one.getValue()));
        return longest;
    }

    /** A time at which something was recorded can be asked for as soon as the clock has moved on. */
    private Past settled(Instant time, CellId... cells) {
        while (true) {
            try {
                return ledger.asOf(time, cells);
            } catch (NotSettledException e) {
                assertThat(e.answerable()).isAfterOrEqualTo(time.minus(1, ChronoUnit.SECONDS));
            }
        }
    }

    @Test
    void entriesOfOneTimeAreSeenTogether() {
        openAccount();
        Instant before = applied(update().append(USAGE, "before")).recordedAt();
        Instant time = applied(update().add(AVAILABLE, "1.00")
                        .add(AVAILABLE, "2.00")
                        .compareAndSet(STATUS, "ACTIVE", "A")
                        .compareAndSet(STATUS, "A", "B")
                        .append(USAGE, "x"))
                .recordedAt();
        Instant after = applied(update().take(AVAILABLE, "500.00")).recordedAt();

        if (before.isBefore(time)) {
            Past past = settled(time.minus(1, ChronoUnit.MICROS), AVAILABLE, STATUS, USAGE);
            assertThat(past.balance(AVAILABLE)).isEqualTo("1000.00");
            assertThat(past.register(STATUS)).isEqualTo("ACTIVE");
            assertThat(past.count(USAGE)).isEqualTo(1);
        }
        if (time.isBefore(after)) {
            Past past = settled(time, AVAILABLE, STATUS, USAGE);
            assertThat(past.balance(AVAILABLE)).isEqualTo("1003.00");
            assertThat(past.register(STATUS)).isEqualTo("B");
            assertThat(past.count(USAGE)).isEqualTo(2);
        }
        assertThat(settled(after, AVAILABLE).find(AVAILABLE))
                .map(BalanceEntry::sequence)
                .hasValue(4L);
        assertThat(ledger.asOf(AVAILABLE, 2)).map(BalanceEntry::after).hasValue(amount("1001.00"));
    }

    @Test
    void updatesOfOneMicrosecondAreSeenTogetherAndOnlyWhenItHasPassed() {
        Instant[] now = {Instant.parse("2026-03-01T00:00:00.000001Z")};
        ledger = openWithClock(() -> now[0]);
        openAccount();
        Instant time = now[0];
        applied(update().add(AVAILABLE, "1.00"));
        assertThat(notSettled(time, AVAILABLE)).isEqualTo(time.minus(1, ChronoUnit.MICROS));
        applied(update().add(AVAILABLE, "2.00"));

        now[0] = time.plus(1, ChronoUnit.MICROS);
        assertThat(ledger.asOf(time, AVAILABLE).balance(AVAILABLE)).isEqualTo("1003.00");
        assertThat(ledger.asOf(time.minusNanos(1), AVAILABLE).find(AVAILABLE)).isEmpty();
    }

    private Instant notSettled(Instant time, CellId... cells) {
        NotSettledException refused = catchThrowableOfType(NotSettledException.class, () -> ledger.asOf(time, cells));
        assertThat(refused).as("asked for %s", time).isNotNull();
        assertThat(refused.fate()).isEqualTo(Fate.NOT_APPLIED);
        assertThat(refused).hasMessageContaining(refused.answerable().toString());
        return refused.answerable();
    }

    @Test
    void aTimeThatHasNotPassedIsRefusedWithOneThatCanBeAnswered() {
        Instant opened = openAccount().recordedAt();
        Instant answerable = notSettled(opened.plus(Duration.ofHours(1)), AVAILABLE, USAGE);
        assertThat(answerable).isAfterOrEqualTo(opened.minus(1, ChronoUnit.MICROS));
        Past past = ledger.asOf(answerable, AVAILABLE, USAGE);
        assertThat(past.find(AVAILABLE).isPresent()).isEqualTo(!opened.isAfter(answerable));
        notSettled(Instant.MAX, AVAILABLE);
        assertThat(ledger.asOf(Instant.MIN, AVAILABLE).find(AVAILABLE)).isEmpty();
    }

    @Test
    void aCellOpenedLaterIsEmptyAndOneThatIsNotThereIsRefused() {
        Instant opened = openAccount().recordedAt();
        Instant before = opened.minus(1, ChronoUnit.MICROS);
        Past past = ledger.asOf(before, AVAILABLE, STATUS, USAGE);
        assertThat(past.find(AVAILABLE)).isEmpty();
        assertThat(past.find(STATUS)).isEmpty();
        assertThat(past.find(USAGE)).isEmpty();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> past.balance(AVAILABLE));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> past.register(STATUS));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> past.count(USAGE));
        assertThatIllegalArgumentException().isThrownBy(() -> past.find(OTHER));

        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> ledger.asOf(before, AVAILABLE, OTHER))
                .withMessageContaining("43");
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> ledger.namespace("tenant").asOf(before, AVAILABLE));
        assertThat(ledger.accounts(KIND, "", PageRequest.first(9)).items()).containsExactly(ACCOUNT);
    }

    @Test
    void versionsThatAreNotThereAreEmpty() {
        openAccount();
        assertThat(ledger.asOf(AVAILABLE, 1)).map(BalanceEntry::after).hasValue(amount("1000.00"));
        assertThat(ledger.asOf(AVAILABLE, 2)).isEmpty();
        assertThat(ledger.asOf(STATUS, Long.MAX_VALUE)).isEmpty();
        assertThat(ledger.asOf(OTHER, 1)).isEmpty();
        assertThat(ledger.namespace("tenant").asOf(USAGE, 1)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(AVAILABLE, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(USAGE, -1));
    }

    @Test
    void otherCellsUnderTheNameAreRefused() {
        Instant time = openAccount().recordedAt().minus(1, ChronoUnit.DAYS);
        BalanceId euros = ACCOUNT.balance("available", Unit.of("EUR", 2));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(euros, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(ACCOUNT.register("available"), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(ACCOUNT.journal("status"), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(time, euros));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(time, STATUS, ACCOUNT.journal("status")));
    }

    @Test
    void aCallTakesOneToAThousandCells() {
        Instant time = openAccount().recordedAt().minus(1, ChronoUnit.DAYS);
        List<CellId> many = new ArrayList<>();
        var open = update();
        for (int i = 0; i < 999; i++) {
            BalanceId cell = AccountId.of("many", Integer.toString(i)).balance("b", SAR);
            many.add(cell);
            open.open(cell, "1.00", Limits.none());
        }
        applied(open);
        many.add(AVAILABLE);
        Past past = ledger.asOf(time, many.toArray(CellId[]::new));
        assertThat(past.find(AVAILABLE)).isEmpty();
        Past now = settled(ledger.read(ACCOUNT).find(AVAILABLE).orElseThrow().lastRecordedAt(), AVAILABLE);
        assertThat(now.balance(AVAILABLE)).isEqualTo("1000.00");

        many.add(USAGE);
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(time, many.toArray(CellId[]::new)));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.asOf(time));
    }

    @Test
    void aClosedLedgerAnswersNothing() {
        Instant time = openAccount().recordedAt();
        Ledger tenant = ledger.namespace("tenant");
        ledger.close();
        Closed.refuses(ledger, time);
        Closed.refuses(tenant, time);
    }
}

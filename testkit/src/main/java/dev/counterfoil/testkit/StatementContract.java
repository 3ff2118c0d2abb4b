package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.Limits;
import dev.counterfoil.NotSettledException;
import dev.counterfoil.Period;
import dev.counterfoil.Statement;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Statements of balances and accounts. */
abstract class StatementContract extends ContractPart {
    private static final int[] BEHIND = {0, 1, 1_000};

    StatementContract(LedgerContract store) {
        super(store);
    }

    private static Instant tick(Instant time) {
        return time.plus(1, ChronoUnit.MICROS);
    }

    @Test
    void aStatementLeadsFromTheOpeningToTheClosingAmount() {
        Instant opened = openAccount().recordedAt();
        applied(update().take(AVAILABLE, "300.00"));
        applied(update().setLimits(AVAILABLE, Limits.none()));
        applied(update().add(AVAILABLE, "20.00").add(AVAILABLE, "5.00"));
        Instant last = applied(update().take(AVAILABLE, "1000.00")).recordedAt();

        List<BalanceEntry> entries = new ArrayList<>();
        Period whole = Period.of(opened, tick(last));
        awaitPassed(whole);
        Statement all = ledger.statement(AVAILABLE, whole, entries::add);
        assertThat(all)
                .isEqualTo(new Statement(
                        AVAILABLE,
                        whole,
                        amount("0.00"),
                        amount("1025.00"),
                        amount("1300.00"),
                        amount("-275.00"),
                        6,
                        3,
                        2));
        assertThat(entries).isEqualTo(Books.history(ledger, AVAILABLE));
    }

    /** Waits until the clock has come behind a period. */
    private void awaitPassed(Period period) {
        while (true) {
            try {
                ledger.statement(AVAILABLE, period, entry -> {});
                return;
            } catch (NotSettledException e) {
                assertThat(e.answerable()).isAfter(period.to().minusSeconds(5));
            }
        }
    }

    @Test
    void statementsOfPeriodsThatFollowEachOtherShareNothing() {
        Seed seed = Seed.of("statements");
        openAccount();
        for (int i = 0; i < 30; i++) {
            Update.Builder update = update();
            for (int n = seed.below(3); n >= 0; n--) {
                update.add(AVAILABLE, BigDecimal.valueOf(seed.between(1, 999), 2));
            }
            applied(update);
        }
        List<Entry> history = Books.history(ledger, AVAILABLE);
        Instant from = history.get(0).recordedAt();
        Instant end = tick(history.get(history.size() - 1).recordedAt());
        awaitPassed(Period.of(from, end));
        List<Entry> seen = new ArrayList<>();
        BigDecimal amount = amount("0.00");
        int next = 0;
        while (from.isBefore(end)) {
            next += 1 + seed.below(4);
            // Some periods end with the very time of an entry, which is in the one behind it.
            Instant to = next < history.size() ? history.get(next).recordedAt().plusNanos(BEHIND[next % 3]) : end;
            if (!to.isAfter(from)) {
                continue;
            }
            Statement one = ledger.statement(AVAILABLE, Period.of(from, to), seen::add);
            assertThat(one.opening()).as("%s", seed).isEqualTo(amount);
            assertThat(one.opening().add(one.in()).subtract(one.out())).isEqualTo(one.closing());
            amount = one.closing();
            from = to;
        }
        assertThat(seen).as("%s", seed).isEqualTo(history);
        assertThat(amount).isEqualTo(available());
    }

    @Test
    void aPeriodWithNothingInItHasAStatementToo() {
        Instant opened = openAccount().recordedAt();
        Statement before = ledger.statement(
                AVAILABLE,
                Period.of(opened.minusSeconds(9), opened),
                entry -> assertThat(entry).isNull());
        assertThat(before.opening()).isEqualTo("0.00");
        assertThat(before.closing()).isEqualTo("0.00");
        assertThat(before.entries()).isZero();
        Period after = Period.of(tick(opened), tick(tick(opened)));
        awaitPassed(after);
        assertThat(ledger.statement(AVAILABLE, after, entry -> {}).closing()).isEqualTo("1000.00");
    }

    @Test
    void aPeriodThatHasNotPassedIsRefusedWithTheEndThatCanBeAnswered() {
        Instant opened = openAccount().recordedAt();
        Period future = Period.of(opened, opened.plus(Duration.ofHours(1)));
        List<BalanceEntry> none = new ArrayList<>();
        NotSettledException refused =
                catchThrowableOfType(NotSettledException.class, () -> ledger.statement(AVAILABLE, future, none::add));
        assertThat(refused.answerable()).isBetween(opened, future.to());
        assertThatExceptionOfType(NotSettledException.class)
                .isThrownBy(() -> ledger.statement(ACCOUNT, future, none::add));
        assertThat(none).isEmpty();
        Period past = Period.of(opened.minusSeconds(1), refused.answerable());
        assertThat(ledger.statement(AVAILABLE, past, none::add).entries()).isEqualTo(none.size());
    }

    @Test
    void anAccountHasAStatementForEachBalanceInBinaryOrder() {
        BalanceId points = ACCOUNT.balance("Points", POINTS);
        BalanceId accented = ACCOUNT.balance("\u00e1", SAR);
        openAccount();
        Instant time = applied(
                        update().open(points, "7", Limits.none()).open(accented).take(AVAILABLE, "1.00"))
                .recordedAt();
        Period period = Period.of(time, tick(time));
        awaitPassed(period);
        List<CellId> cells = new ArrayList<>();
        List<Statement> statements = ledger.statement(ACCOUNT, period, entry -> cells.add(entry.cell()));
        assertThat(statements).extracting(Statement::cell).containsExactly(points, AVAILABLE, accented);
        assertThat(statements)
                .extracting(Statement::closing)
                .containsExactly(amount("7"), amount("999.00"), amount("0.00"));
        assertThat(cells).contains(points, AVAILABLE, accented);
        assertThat(cells.indexOf(AVAILABLE)).isBetween(cells.indexOf(points), cells.indexOf(accented));
    }

    @Test
    void whatIsNotThereHasNoStatement() {
        Instant opened = openAccount().recordedAt();
        Period period = Period.of(opened.minusSeconds(1), opened);
        applied(update().open(OTHER.account().register("r"), "x"));
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> ledger.statement(OTHER, period, entry -> {}));
        assertThat(ledger.statement(OTHER.account(), period, entry -> {})).isEmpty();
        Period future = Period.of(opened, opened.plus(Duration.ofHours(1)));
        assertThatExceptionOfType(NotSettledException.class)
                .isThrownBy(() -> ledger.statement(OTHER.account(), future, entry -> {}));
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> ledger.namespace("tenant").statement(ACCOUNT, period, entry -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ledger.statement(ACCOUNT.balance("available", Unit.of("EUR", 2)), period, entry -> {}));
    }

    @Test
    void entriesComeInPagesAndTheConsumerMayCallTheLedger() {
        openAccount();
        List<Update> many = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Update.Builder update = update();
            for (int n = 0; n < 900; n++) {
                update.add(AVAILABLE, "0.01");
            }
            many.add(update.build());
        }
        ledger.applyEach(many).forEach(outcome -> outcome.orThrow());
        List<Entry> history = Books.history(ledger, AVAILABLE);
        Period period = Period.of(
                history.get(0).recordedAt(),
                tick(history.get(history.size() - 1).recordedAt()));
        awaitPassed(period);
        List<BalanceEntry> seen = new ArrayList<>();
        Statement statement = ledger.statement(AVAILABLE, period, entry -> {
            if (seen.isEmpty()) {
                applied(update().add(AVAILABLE, "1.00"));
            }
            seen.add(entry);
        });
        assertThat(seen).isEqualTo(history);
        assertThat(statement.closing()).isEqualTo("1027.00");
        assertThat(statement.entriesIn()).isEqualTo(2701);

        IllegalStateException enough = new IllegalStateException("enough");
        assertThatThrownBy(() -> ledger.statement(AVAILABLE, period, entry -> {
                    throw enough;
                }))
                .isSameAs(enough);
    }
}

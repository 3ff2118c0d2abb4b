package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.CellId;
import dev.counterfoil.EntryType;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import dev.counterfoil.VerifyRequest;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged cells are corrected by one more entry: nothing that is there is changed, and the application goes on. */
abstract class CorrectionContract extends DamageFixture {
    private static final String WHY = "an operator's mistake";
    private static final Key KEY = Key.of("repair", "1");

    CorrectionContract(JoinedBooks books) {
        super(books, true);
    }

    private Applied restore(CellId cell) {
        return ledger.restoreFromEntries(KEY, cell, WHY).orThrow();
    }

    private List<String> entries(CellId cell) throws SQLException {
        return rows("SELECT * FROM {entry} WHERE cell_id = " + id(cell) + " ORDER BY sequence");
    }

    /** All rows of this namespace, without what only makes a commit durable: touch. */
    private List<String> everything() throws SQLException {
        List<String> all =
                new ArrayList<>(rows("SELECT id, namespace, account_kind, account_id, name, kind, unit, scale,"
                        + " amount, minimum, maximum, {value}, records, closed, version, last_scope, last_key, last_at FROM {cell}"
                        + " WHERE namespace = '" + namespace + "' ORDER BY id"));
        all.addAll(rows("SELECT id FROM {decision} WHERE namespace = '" + namespace + "' ORDER BY id"));
        all.addAll(rows("SELECT * FROM {entry} WHERE cell_id IN (SELECT id FROM {cell} WHERE namespace = '" + namespace
                + "') ORDER BY cell_id, sequence"));
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount = '1000000.00'",
                "amount = '96.005'",
                "minimum = NULL, maximum = '7'",
                "closed = 1",
                "last_key = 't-1'",
                "amount = '0.00', minimum = '-5', closed = 1",
            })
    void aBalanceIsSetBackToWhatItsEntriesSay(String change) throws SQLException {
        CellId cell = Till.drawer(0);
        List<String> before = entries(cell);
        String row = rows("SELECT amount, minimum, maximum, closed FROM {cell} WHERE id = " + id(0))
                .get(0);
        damage("UPDATE {cell} SET " + change + " WHERE id = " + id(0));
        assertThat(findings(VerifyRequest.all())).contains("CELL_DIFFERS drawer/0:cash");

        Applied applied = restore(cell);
        assertThat(applied.replayed()).isFalse();
        assertFound();
        assertThat(rows("SELECT amount, minimum, maximum, closed FROM {cell} WHERE id = " + id(0)))
                .containsExactly(row);
        List<String> after = entries(cell);
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        assertThat(after).hasSize(before.size() + 1);

        Till.apply(ledger, transfer("t-6"));
        assertThat(Till.cash(ledger, 0)).isEqualTo("95.00");
        List<BalanceEntry> history =
                ledger.history(Till.drawer(0), PageRequest.first(100)).items();
        BalanceEntry correction = history.get(before.size());
        assertThat(correction.type()).isEqualTo(EntryType.RESTORE);
        assertThat(correction.delta()).isEqualTo("0.00");
        assertThat(correction.after()).isEqualTo("96.00");
        assertThat(correction.forced()).isEqualTo(WHY);
        assertThat(correction.key()).isEqualTo(KEY);
        assertThat(correction.recordedAt()).isEqualTo(applied.receipt().recordedAt());
        assertThat(ledger.find(KEY)).contains(new Applied(applied.receipt(), true));
        assertFound();
    }

    @Test
    void aRowThatWasSetBackGoesOnBehindItsEntries() throws SQLException {
        List<String> before = entries(Till.drawer(0));
        damage("UPDATE {cell} SET amount = '97.00', version = 6, last_key = 't-4' WHERE id = " + id(0));
        restore(Till.drawer(0));
        assertFound();
        assertThat(entries(Till.drawer(0)).subList(0, 7)).isEqualTo(before);
        Till.apply(ledger, transfer("t-6"));
        assertThat(Till.cash(ledger, 0)).isEqualTo("95.00");
        assertFound();
    }

    @Test
    void aRegisterAndAJournalAreSetBackToWhatTheirEntriesSay() throws SQLException {
        damage(
                "UPDATE {cell} SET {value} = 'shipped' WHERE id = " + id(STATUS),
                "UPDATE {cell} SET records = 9 WHERE id = " + id(LOG));
        List<String> status = entries(STATUS);
        List<String> log = entries(LOG);
        restore(STATUS);
        ledger.restoreFromEntries(Key.of("repair", "2"), LOG, WHY).orThrow();
        assertFound();
        assertThat(entries(STATUS).subList(0, 2)).isEqualTo(status);
        assertThat(entries(LOG).subList(0, 4)).isEqualTo(log);
        Till.apply(
                ledger,
                Update.of("shipped")
                        .compareAndSet(STATUS, "paid", "shipped")
                        .append(LOG, "d")
                        .build());
        assertThat(ledger.history(STATUS, PageRequest.first(9)).items()).hasSize(4);
        assertThat(ledger.history(LOG, PageRequest.first(9)).items().get(5).count())
                .isEqualTo(4);
        assertFound();
    }

    @Test
    void whatWasCountedInTheWorldIsAcceptedByAnEntryWithTheDifference() throws SQLException {
        List<String> before = entries(Till.drawer(0));
        damage("UPDATE {cell} SET amount = '1.00' WHERE id = " + id(0));
        ledger.acceptObserved(KEY, Till.drawer(0), "90.50", WHY).orThrow();
        ledger.acceptObserved(Key.of("repair", "2"), STATUS, "stolen", WHY).orThrow();
        assertFound();
        assertThat(entries(Till.drawer(0)).subList(0, 7)).isEqualTo(before);
        BalanceEntry correction =
                ledger.history(Till.drawer(0), PageRequest.first(100)).items().get(7);
        assertThat(correction.type()).isEqualTo(EntryType.ACCEPT);
        assertThat(correction.delta()).isEqualTo("-5.50");
        assertThat(correction.after()).isEqualTo("90.50");
        Till.apply(ledger, transfer("t-6"));
        Till.apply(
                ledger,
                Update.of("found").compareAndSet(STATUS, "stolen", "found").build());
        assertThat(Till.cash(ledger, 0)).isEqualTo("89.50");
        assertFound();
    }

    @Test
    void sentAgainUnderItsKeyItIsAnsweredTheSame() throws SQLException {
        damage("UPDATE {cell} SET amount = '1.00' WHERE id = " + id(0));
        Applied first = restore(Till.drawer(0));
        assertThat(restore(Till.drawer(0))).isEqualTo(new Applied(first.receipt(), true));
        damage("UPDATE {cell} SET amount = '2.00' WHERE id = " + id(1));
        List<String> all = everything();
        assertThat(restore(Till.drawer(0)).replayed()).isTrue();
        assertThat(ledger.restoreFromEntries(KEY, Till.drawer(1), WHY)).isInstanceOf(KeyReused.class);
        assertThat(ledger.acceptObserved(KEY, Till.drawer(0), "5.00", WHY)).isInstanceOf(KeyReused.class);
        assertThat(everything()).isEqualTo(all);
    }

    @Test
    void whatCannotBeCorrectedIsRefusedAndNothingChanges() throws SQLException {
        damage(
                "DELETE FROM {entry} WHERE sequence = 4 AND cell_id = " + id(0),
                "UPDATE {entry} SET delta = NULL WHERE sequence = 2 AND cell_id = " + id(2),
                "UPDATE {entry} SET delta = '7.00' WHERE sequence = 2 AND cell_id = " + id(1),
                "UPDATE {cell} SET amount = '1.00' WHERE id IN (" + id(0) + ", " + id(2) + ")",
                "DELETE FROM {decision} WHERE id = " + decision("paid"),
                "UPDATE {cell} SET {value} = 'shipped' WHERE id = " + id(STATUS));
        List<String> all = everything();
        for (CellId cell : List.of(Till.drawer(0), Till.drawer(1), Till.drawer(2), STATUS)) {
            assertThatThrownBy(() -> restore(cell))
                    .isInstanceOfSatisfying(
                            NotCorrectableException.class,
                            refused -> assertThat(refused.findings()).isNotEmpty());
        }
        assertThatThrownBy(() -> ledger.acceptObserved(KEY, Till.drawer(0), "5.00", WHY))
                .isInstanceOf(NotCorrectableException.class);
        for (CellId sound : List.of(LOG, Till.drawer(3), Till.drawer(9))) {
            assertThatThrownBy(() -> restore(sound))
                    .isInstanceOfSatisfying(
                            NotCorrectableException.class,
                            refused -> assertThat(refused.findings()).isEmpty());
        }
        assertThat(everything()).isEqualTo(all);
        assertThat(ledger.find(KEY)).isEmpty();
    }

    @Test
    void sentTwiceAtOnceItIsAppliedOnce() throws Exception {
        damage("UPDATE {cell} SET amount = '1.00' WHERE id = " + id(0));
        CyclicBarrier start = new CyclicBarrier(4);
        List<Future<Outcome>> sent = new ArrayList<>();
        try (Calls calls = new Calls()) {
            for (int i = 0; i < 4; i++) {
                sent.add(calls.call(() -> {
                    start.await();
                    return ledger.restoreFromEntries(KEY, Till.drawer(0), WHY);
                }));
            }
            int fresh = 0;
            for (Future<Outcome> answer : sent) {
                fresh += ((Applied) Calls.get(answer)).replayed() ? 0 : 1;
            }
            assertThat(fresh).isOne();
        }
        assertThat(entries(Till.drawer(0))).hasSize(8);
        assertFound();
    }

    @Test
    void aLedgerWithOneConnectionCanDoIt() throws SQLException {
        HikariConfig config = new HikariConfig();
        pool.copyStateTo(config);
        config.setMaximumPoolSize(1);
        damage("UPDATE {cell} SET amount = '1.00' WHERE id = " + id(0));
        try (HikariDataSource one = new HikariDataSource(config);
                JdbcLedger single = JdbcLedger.builder(one).build()) {
            Ledger books = single.namespace(namespace);
            assertThat(books.verify(VerifyRequest.all().sinceLast()).findings()).isOne();
            books.restoreFromEntries(KEY, Till.drawer(0), WHY).orThrow();
            assertThat(books.verify(VerifyRequest.all().sinceLast()).sound()).isTrue();
            assertThat(books.verify(VerifyRequest.all()).sound()).isTrue();
        }
    }

    /** Somebody's update is on its way, and the correction waits for its lock: what it had seen is old then. */
    @Test
    void anUpdateThatIsOnItsWayIsNotLost() throws Exception {
        assumeTrue(books() != JoinedBooks.SQLITE, "SQLite has no locks of rows, a correction waits before it begins");
        damage("UPDATE {cell} SET minimum = '-7' WHERE id = " + id(0));
        try (Connection connection = books().begin(pool);
                Calls calls = new Calls()) {
            ((JdbcLedger) ledger).in(connection).post(transfer("t-6"));
            Future<Applied> restored = calls.call(() -> restore(Till.drawer(0)));
            books().awaitBlocked(pool, restored);
            connection.commit();
            assertThat(Calls.get(restored).receipt().entries().get(0).sequence())
                    .isEqualTo(9);
        }
        assertThat(Till.cash(ledger, 0)).isEqualTo("95.00");
        assertFound();
    }

    @Test
    void besideWritersOfTheSameCellNothingIsLost() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<Future<Integer>> writers = new ArrayList<>();
        int moved = 0;
        try (Calls calls = new Calls()) {
            for (int w = 0; w < 3; w++) {
                String name = "w-" + w + "-";
                writers.add(calls.call(() -> {
                    int sent = 0;
                    while (!enough.get()) {
                        Till.apply(
                                ledger,
                                Update.of(name + sent)
                                        .transfer(Till.drawer(1), Till.drawer(0), "0.01")
                                        .build());
                        sent++;
                    }
                    return sent;
                }));
            }
            try {
                for (int i = 0; i < 3; i++) {
                    damage("UPDATE {cell} SET minimum = '-7' WHERE id = " + id(0));
                    ledger.restoreFromEntries(Key.of("repair", "" + i), Till.drawer(0), WHY)
                            .orThrow();
                }
            } finally {
                enough.set(true);
            }
            for (Future<Integer> writer : writers) {
                moved += Calls.get(writer);
            }
        }
        assertThat(moved).isPositive();
        assertThat(Till.cash(ledger, 0)).isEqualTo(new BigDecimal("96.00").add(BigDecimal.valueOf(moved, 2)));
        assertFound();
    }
}

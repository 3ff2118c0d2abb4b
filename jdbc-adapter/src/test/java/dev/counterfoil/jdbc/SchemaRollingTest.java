package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.counterfoil.Decision;
import dev.counterfoil.Ledger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Libraries of two versions on the same tables, on each database. */
@ParameterizedClass
@EnumSource
class SchemaRollingTest extends SchemaFixture {
    private static final int SHARE = 40;

    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final ReadWriteLock rest = new ReentrantReadWriteLock(true);
    private volatile boolean stopped;

    @Test
    void twoVersionsWorkSideBySideBeforeDuringAndAfterTheUpgrade() throws Exception {
        try (JdbcLedger old = library(1).createSchema().build();
                JdbcLedger young = library(2).build();
                Calls calls = new Calls()) {
            open(old);
            List<Future<?>> callers = new ArrayList<>();
            callers.add(calls.call(() -> traffic(old, "old")));
            callers.add(calls.call(() -> traffic(young, "young")));
            awaitMore(callers);
            assertThat(version()).isEqualTo("1");

            upgradeUnderLoad();
            assertThat(version()).isEqualTo("2");
            awaitMore(callers);

            // A process of the old version that is started only now, and one of the new.
            try (JdbcLedger late = library(1).build();
                    JdbcLedger fresh = library(2).build()) {
                callers.add(calls.call(() -> traffic(late, "late")));
                callers.add(calls.call(() -> traffic(fresh, "fresh")));
                awaitMore(callers);
                stopped = true;
                for (Future<?> caller : callers) {
                    Calls.get(caller);
                }
                for (JdbcLedger ledger : List.of(old, young, late, fresh)) {
                    assertSound(ledger, keys);
                }
            }
        }
    }

    private List<String> traffic(Ledger ledger, String name) {
        for (int i = 0; !stopped; i++) {
            String key = name + "-" + i;
            rest.readLock().lock();
            try {
                assertThat(((Decision) ledger.apply(Till.transfer(key))).replayed())
                        .isFalse();
            } finally {
                rest.readLock().unlock();
            }
            keys.add(key);
        }
        return List.of();
    }

    /** On H2 everybody rests meanwhile: its ALTER TABLE loses what others commit while it runs. */
    private void upgradeUnderLoad() {
        if (books == JoinedBooks.H2) {
            rest.writeLock().lock();
        }
        try {
            upgradeTo(2);
        } finally {
            if (books == JoinedBooks.H2) {
                rest.writeLock().unlock();
            }
        }
    }

    private void awaitMore(List<Future<?>> callers) throws Exception {
        int enough = keys.size() + SHARE;
        Calls.until("more transfers", () -> {
            for (Future<?> caller : callers) {
                if (caller.isDone()) {
                    Calls.get(caller);
                }
            }
            return keys.size() >= enough;
        });
    }

    @Test
    void severalProcessesMayUpgradeAtOnce() throws Exception {
        assumeFalse(books == JoinedBooks.H2, "H2 has no lock that outlives a statement: one process upgrades, alone");
        int n = 4;
        CyclicBarrier together = new CyclicBarrier(n);
        List<String> before;
        try (JdbcLedger ledger = library(1).createSchema().build()) {
            open(ledger);
            before = traffic(ledger, "one", 10);
        }
        try (Calls calls = new Calls()) {
            List<Future<?>> upgrades = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                String name = "at-once-" + i;
                upgrades.add(calls.call(() -> {
                    together.await();
                    try (JdbcLedger ledger = library(3).upgradeSchema().build()) {
                        return traffic(ledger, name, 3);
                    }
                }));
            }
            for (Future<?> upgrade : upgrades) {
                Calls.get(upgrade);
            }
        }
        try (JdbcLedger ledger = library(3).build()) {
            assertSound(ledger, before);
        }
        library(3).prefix("new_").createSchema().build().close();
        assertThat(shape("counterfoil_")).isEqualTo(shape("new_"));
    }

    @Test
    void aStepThatTheVersionBeforeCannotStandKeepsItOut() throws SQLException {
        make(1);
        upgradeTo(2);
        library(1).build().close();
        library(3).build().close();

        upgradeTo(3);
        assertThatThrownBy(() -> library(2).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("have schema version 3", "knows versions 1 and 2", "a newer one");
        assertThatThrownBy(() -> library(2).upgradeSchema().build()).isInstanceOf(SchemaException.class);
        library(3).build().close();
    }

    @Test
    void twoStepsAreTooFarWhicheverWay() throws SQLException {
        make(1);
        assertThatThrownBy(() -> library(3).createSchema().build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("have schema version 1", "knows versions 2 and 3", "upgradeSchema()")
                .hasMessageContaining("run counterfoil-1-to-2.sql, then counterfoil-2-to-3.sql, from dev/counterfoil/"
                        + "jdbc/schema/" + LaterLibrary.dialect(books, 3).schemaFolder() + "/");
        assertThat(version()).isEqualTo("1");

        upgradeTo(3);
        // Even if the steps would let it.
        run("UPDATE counterfoil_meta SET " + value() + " = '1' WHERE name = 'schema_compatible_with'");
        assertThatThrownBy(() -> library(1).build())
                .isInstanceOf(SchemaException.class)
                .hasMessageContainingAll("have schema version 3", "knows version 1:", "a newer one");
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.Key;
import dev.counterfoil.Reason;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Checks: they hold at their place in the order and leave no entry. */
abstract class ChecksContract extends ContractPart {
    ChecksContract(LedgerContract store) {
        super(store);
    }

    @Test
    void anUpdateOfChecksOnlyIsAppliedAndLeavesNoEntry() {
        openAccount();
        Books before = books();
        Update.Builder checks = Update.of("checks")
                .requireAtLeast(AVAILABLE, "1000.00")
                .requireAtMost(AVAILABLE, "1000.00")
                .requireValue(STATUS, "ACTIVE")
                .requireVersion(USAGE, 1)
                .requireOpen(AVAILABLE)
                .requireOpen(STATUS)
                .requireOpen(USAGE);
        Applied applied = applied(checks);

        assertThat(applied.receipt().entries()).isEmpty();
        assertThat(books()).isEqualTo(before);
        applied(update().take(AVAILABLE, "1.00"));
        assertThat(ledger.apply(checks.build())).isEqualTo(new Applied(applied.receipt(), true));
    }

    @Test
    void atLeastIsRefusedBelow() {
        openAccount();
        Rejected.NotMet no = refusedAt(
                1,
                AVAILABLE,
                Rejected.NotMet.class,
                Reason.BELOW_REQUIRED,
                update().append(USAGE, "x").requireAtLeast(AVAILABLE, "1000.01"));
        assertThat(no.observed()).isEqualTo("1000.00");
        assertThat(no.required()).isEqualTo("1000.01");
        assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
    }

    @Test
    void atMostIsRefusedAbove() {
        openAccount();
        Rejected.NotMet no = refusedAt(
                0,
                AVAILABLE,
                Rejected.NotMet.class,
                Reason.ABOVE_REQUIRED,
                update().requireAtMost(AVAILABLE, "999.99").take(AVAILABLE, "500"));
        assertThat(no.observed()).isEqualTo("1000.00");
        assertThat(no.required()).isEqualTo("999.99");
    }

    @Test
    void aTextIsComparedExactly() {
        openAccount();
        Rejected.ValueDiffers no =
                refused(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, update().requireValue(STATUS, "active"));
        assertThat(no.observed()).isEqualTo("ACTIVE");
        assertThat(no.required()).isEqualTo("active");
        assertThat(no.decidedBy()).isEqualTo(Key.of(OPENING));
        refused(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, update().requireValue(STATUS, "ACTIVE "));
    }

    @Test
    void aVersionIsTheNumberOfEntries() {
        openAccount();
        applied(Update.of("paused").compareAndSet(STATUS, "ACTIVE", "PAUSED"));
        applied(update().requireVersion(STATUS, 2));
        Rejected.VersionDiffers no =
                refused(Rejected.VersionDiffers.class, Reason.VERSION_DIFFERS, update().requireVersion(STATUS, 1));
        assertThat(no.observed()).isEqualTo(2);
        assertThat(no.required()).isEqualTo(1);
        assertThat(no.decidedBy()).isEqualTo(Key.of("paused"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        openAccount();
        refusedAt(0, OTHER, Rejected.WrongState.class, Reason.NOT_FOUND, update().requireOpen(OTHER));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().requireAtLeast(OTHER, "0"));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().requireAtMost(OTHER, "0"));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().requireVersion(OTHER, 1));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().requireValue(ACCOUNT.register("none"), ""));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().append(ACCOUNT.journal("none"), ""));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().compareAndSet(ACCOUNT.register("none"), "", "x"));
        refused(Rejected.WrongState.class, Reason.NOT_FOUND, update().close(OTHER));
    }

    @Test
    void aCheckSeesTheStateAtItsPlace() {
        openAccount();
        applied(update().requireAtLeast(AVAILABLE, "1000")
                .take(AVAILABLE, "600.00")
                .requireAtMost(AVAILABLE, "400")
                .requireValue(STATUS, "ACTIVE")
                .compareAndSet(STATUS, "ACTIVE", "LOW")
                .requireValue(STATUS, "LOW")
                .requireVersion(STATUS, 2)
                .open(OTHER)
                .requireOpen(OTHER));

        Rejected.NotMet no = refused(
                Rejected.NotMet.class,
                Reason.BELOW_REQUIRED,
                Update.of("own").take(AVAILABLE, "100").requireAtLeast(AVAILABLE, "400"));
        assertThat(no.index()).isEqualTo(1);
        assertThat(no.observed()).isEqualTo("300.00");
        assertThat(no.decidedBy()).isEqualTo(Key.of("own"));
        refused(Rejected.WrongState.class, Reason.CLOSED, update().close(STATUS).requireOpen(STATUS));
    }

    @Test
    void aRefusedCheckIsKeptLikeAnyRefusal() {
        openAccount();
        Update.Builder check = Update.of("check").requireValue(STATUS, "PAUSED").append(USAGE, "x");
        refused(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, check);
        applied(update().compareAndSet(STATUS, "ACTIVE", "PAUSED"));

        assertThat(refusal(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, ledger.apply(check.build()))
                        .replayed())
                .isTrue();
    }

    /**
     * Two on call, and each may go only while the other stays: with checks that did not hold at commit both would go (write
     * skew).
     */
    @Test
    void aCheckHoldsWhenTheUpdateCommits() throws Exception {
        int rounds = 25;
        for (int i = 0; i < rounds; i++) {
            RegisterId one = ACCOUNT.register("one-" + i);
            RegisterId two = OTHER.account().register("two-" + i);
            applied(update().open(one, "on call").open(two, "on call"));
            AtomicInteger gone = new AtomicInteger();

            Crowd.ask(2, thread -> () -> {
                Update update = thread == 0
                        ? update().requireValue(one, "on call")
                                .compareAndSet(two, "on call", "off")
                                .build()
                        : update().requireValue(two, "on call")
                                .compareAndSet(one, "on call", "off")
                                .build();
                if (ledger.apply(update) instanceof Applied) {
                    gone.incrementAndGet();
                }
                return gone;
            });

            assertThat(gone).as("round " + i).hasValue(1);
        }
    }
}

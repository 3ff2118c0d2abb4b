package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.DecideView;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Proposal;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Decisions: what the function read is unchanged when its update takes effect. */
abstract class DecideContract extends ContractPart {
    static final List<CellId> CELLS = List.of(AVAILABLE, STATUS, USAGE);

    DecideContract(LedgerContract store) {
        super(store);
    }

    static Proposal pay(DecideView now, BigDecimal amount) {
        BigDecimal left = now.balance(AVAILABLE).subtract(amount);
        if (left.signum() < 0) {
            return now.decline("TOO_MUCH", "more than is there");
        }
        return now.update()
                .take(AVAILABLE, amount)
                .compareAndSet(STATUS, now.register(STATUS), left.signum() == 0 ? "EMPTY" : "PARTIAL")
                .append(USAGE, "record " + now.count(USAGE))
                .build();
    }

    /** Runs a decide that must end in this exception, and proves that nothing came of it. */
    private void nothingComesOf(Class<? extends Throwable> type, DecideFunction function) {
        Books before = books();
        assertThatThrownBy(() -> ledger.decide("broken", "r", CELLS, function)).isInstanceOf(type);
        assertThat(books()).isEqualTo(before);
        assertThat(ledger.find("broken")).as("the key").isEmpty();
    }

    @Test
    void aFunctionReadsDecidesAndApplies() {
        openAccount();
        Applied applied = ledger.decide("pay-1", "pay 400.00", CELLS, now -> pay(now, amount("400.00")))
                .orThrow();

        assertThat(applied.receipt().balance(AVAILABLE)).isEqualTo("600.00");
        assertThat(applied.key()).isEqualTo(Key.of("pay-1"));
        assertThat(ledger.read(ACCOUNT).register(STATUS)).isEqualTo("PARTIAL");
        assertThat(ledger.history(USAGE, PageRequest.first(9)).items())
                .extracting(JournalEntry::payload)
                .containsExactly(null, "record 0");
        books();
    }

    @Test
    void aRepeatIsAnsweredWithoutTheFunction() {
        openAccount();
        AtomicInteger runs = new AtomicInteger();
        DecideFunction function = now -> {
            runs.incrementAndGet();
            return pay(now, amount("400.00"));
        };
        Applied first = ledger.decide("pay-1", "pay 400.00", CELLS, function).orThrow();
        applied(update().take(AVAILABLE, "600.00").close(AVAILABLE));

        assertThat(ledger.decide("pay-1", "pay 400.00", CELLS, function)).isEqualTo(new Applied(first.receipt(), true));
        assertThat(runs).as("runs").hasValue(1);
    }

    @Test
    void aDeclineIsKeptLikeAnyRefusal() {
        openAccount();
        Outcome first = ledger.decide("pay-1", "pay 4000", CELLS, now -> pay(now, amount("4000")));
        Rejected.Declined no = refusal(Rejected.Declined.class, Reason.DECLINED, first);
        assertThat(no.code()).isEqualTo("TOO_MUCH");
        assertThat(no.message()).isEqualTo("more than is there");
        assertThat(no.index()).isEqualTo(Rejected.NO_OPERATION);
        assertThat(no.cell()).isNull();
        assertThat(no.decidedBy()).isNull();
        assertThat(no.replayed()).isFalse();
        applied(update().add(AVAILABLE, "9000"));

        Outcome again = ledger.decide("pay-1", "pay 4000", CELLS, now -> {
            throw new AssertionError("decided already");
        });
        Rejected.Declined replay = refusal(Rejected.Declined.class, Reason.DECLINED, again);
        assertThat(replay.replayed()).isTrue();
        assertThat(replay.recordedAt()).isEqualTo(no.recordedAt());
        assertThat(replay.message()).isEqualTo(no.message());
        assertThat(ledger.find("pay-1")).contains(replay);
    }

    @Test
    void whatItsUpdateIsRefusedForIsKept() {
        openAccount();
        DecideFunction greedy =
                now -> now.update().append(USAGE, "x").take(AVAILABLE, "9999").build();
        Books before = books();
        Rejected no =
                refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, ledger.decide("greedy", "r", CELLS, greedy));
        assertThat(no.index()).isEqualTo(1);
        assertThat(books()).isEqualTo(before);
        applied(update().add(AVAILABLE, "9999"));

        assertThat(refusal(
                                Rejected.OutOfBounds.class,
                                Reason.BELOW_MINIMUM,
                                ledger.decide("greedy", "r", CELLS, greedy))
                        .replayed())
                .isTrue();
    }

    @Test
    void aCellThatIsNotThereIsFoundEmpty() {
        ledger.decide("open", "open", CELLS, now -> {
                    assertThat(now.find(AVAILABLE)).isEmpty();
                    assertThat(now.find(STATUS)).isEmpty();
                    assertThat(now.find(USAGE)).isEmpty();
                    return now.update()
                            .open(AVAILABLE, "5.00", Limits.none())
                            .open(STATUS, "NEW")
                            .open(USAGE)
                            .build();
                })
                .orThrow();

        ledger.decide("again", "look", CELLS, now -> {
                    assertThat(now.find(AVAILABLE).orElseThrow().amount()).isEqualTo("5.00");
                    assertThat(now.find(STATUS).orElseThrow().value()).isEqualTo("NEW");
                    assertThat(now.find(USAGE).orElseThrow().version()).isEqualTo(1);
                    assertThat(now.asOf()).isNotNull();
                    return now.update().requireOpen(USAGE).build();
                })
                .orThrow();
    }

    @Test
    void askingForTheValueOfWhatIsNotThereEndsInARefusal() {
        openAccount();
        Rejected.WrongState no = refusal(
                Rejected.WrongState.class,
                Reason.NOT_FOUND,
                ledger.decide(
                        "a",
                        "r",
                        List.of(OTHER),
                        now -> now.update().add(OTHER, now.balance(OTHER)).build()));
        assertThat(no.cell()).isEqualTo(OTHER);
        assertThat(no.index()).isEqualTo(Rejected.NO_OPERATION);
        assertThat(no.decidedBy()).isNull();
        assertThat(no.key()).isEqualTo(Key.of("a"));
        applied(update().open(OTHER, "5.00", Limits.none()));
        Outcome again = ledger.decide(
                "a", "r", List.of(OTHER), now -> now.update().requireOpen(OTHER).build());
        assertThat(refusal(Rejected.WrongState.class, Reason.NOT_FOUND, again).replayed())
                .isTrue();

        var register = ACCOUNT.register("none");
        var journal = ACCOUNT.journal("nor");
        refusal(
                Rejected.WrongState.class,
                Reason.NOT_FOUND,
                ledger.decide("b", "r", List.of(register), now -> now.decline("NO", now.register(register))));
        refusal(
                Rejected.WrongState.class,
                Reason.NOT_FOUND,
                ledger.decide("c", "r", List.of(journal), now -> now.decline("NO", "" + now.count(journal))));
    }

    @Test
    void askingForAnotherKindOrUnitEndsInARefusal() {
        openAccount();
        var euros = ACCOUNT.balance("available", Unit.of("EUR", 2));
        Rejected.UnitDiffers unit = refusal(
                Rejected.UnitDiffers.class,
                Reason.UNIT_DIFFERS,
                ledger.decide("a", "r", List.of(euros), now -> now.decline("NO", "" + now.find(euros))));
        assertThat(unit.observed()).isEqualTo(SAR);
        assertThat(unit.decidedBy()).isEqualTo(Key.of(OPENING));
        var journal = ACCOUNT.journal("available");
        refusal(
                Rejected.WrongKind.class,
                Reason.WRONG_KIND,
                ledger.decide("b", "r", List.of(journal), now -> now.decline("NO", "" + now.count(journal))));
    }

    @Test
    void whatTheFunctionThrowsIsThrownAndChangesNothing() {
        openAccount();
        IllegalArgumentException mine = new IllegalArgumentException("mine");
        assertThatThrownBy(() -> ledger.decide("broken", "r", CELLS, now -> {
                    throw mine;
                }))
                .isSameAs(mine);
        nothingComesOf(IllegalArgumentException.class, now -> {
            now.update().take(AVAILABLE, "1.00");
            throw mine;
        });
        nothingComesOf(StackOverflowError.class, now -> {
            throw new StackOverflowError("an Error too");
        });

        assertThat(ledger.decide("broken", "another request", CELLS, now -> pay(now, amount("1.00"))))
                .as("the key is free")
                .isInstanceOf(Applied.class);
    }

    @Test
    void nullAnotherKeyAndUndeclaredCellsAreRefused() {
        openAccount();
        assertThatNullPointerException().isThrownBy(() -> ledger.decide("broken", "r", CELLS, nothing()));
        nothingComesOf(NullPointerException.class, nothing());
        nothingComesOf(
                IllegalArgumentException.class,
                now -> Update.of("other").take(AVAILABLE, "1.00").build());
        nothingComesOf(
                IllegalArgumentException.class,
                now -> Update.of(Key.of("scope", "broken")).take(AVAILABLE, "1").build());
        nothingComesOf(
                IllegalArgumentException.class,
                now -> now.update().take(AVAILABLE, "1.00").open(OTHER).build());
        nothingComesOf(IllegalArgumentException.class, now -> now.decline("X", "" + now.find(OTHER)));
        nothingComesOf(IllegalArgumentException.class, now -> now.decline("X", "" + now.balance(OTHER)));
    }

    @SuppressWarnings("NullAway") // what a careless caller does
    private static DecideFunction nothing() {
        return now -> null;
    }

    @Test
    void callsIntoALedgerFromInsideAreRefused() {
        openAccount();
        Update update = Update.of("inner").add(AVAILABLE, "1.00").build();
        AtomicInteger runs = new AtomicInteger();
        ledger.decide("outer", "r", CELLS, now -> {
                    List<ThrowingCallable> calls = List.of(
                            () -> ledger.apply(update),
                            () -> ledger.applyEach(List.of(update)),
                            () -> ledger.applyAsync(update, Runnable::run),
                            () -> ledger.decide("inner", "r", CELLS, n -> n.decline("NO", "")),
                            () -> ledger.read(ACCOUNT),
                            () -> ledger.history(AVAILABLE, PageRequest.first(1)),
                            () -> ledger.find("inner"),
                            () -> ledger.accounts(KIND, "", PageRequest.first(1)),
                            () -> ledger.namespace("tenant-2").apply(update),
                            () -> ledger.close());
                    for (ThrowingCallable call : calls) {
                        assertThatIllegalStateException().isThrownBy(call);
                    }
                    if (runs.incrementAndGet() == 1) {
                        meanwhile(Update.of("first").add(AVAILABLE, "1.00"));
                    }
                    return pay(now, amount("1.00"));
                })
                .orThrow();

        assertThat(runs).as("without locks, and with them").hasValue(2);
        assertThat(ledger.find("inner")).isEmpty();
        assertThat(ledger.apply(update)).as("from outside").isInstanceOf(Applied.class);
    }

    @Test
    void aViewIsForItsThreadWhileTheFunctionRuns() {
        openAccount();
        AtomicReference<DecideView> kept = new AtomicReference<>();
        ledger.decide("a", "r", CELLS, now -> {
                    kept.set(now);
                    try {
                        Crowd.ask(1, i -> () -> {
                            assertThatIllegalStateException().isThrownBy(() -> now.balance(AVAILABLE));
                            assertThatIllegalStateException().isThrownBy(now::update);
                            return i;
                        });
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return pay(now, amount("1.00"));
                })
                .orThrow();

        DecideView late = Objects.requireNonNull(kept.get());
        assertThatIllegalStateException().isThrownBy(() -> late.balance(AVAILABLE));
        assertThatIllegalStateException().isThrownBy(() -> late.find(STATUS));
        assertThatIllegalStateException().isThrownBy(late::update);
        assertThatIllegalStateException().isThrownBy(() -> late.decline("NO", ""));
        assertThatIllegalStateException().isThrownBy(late::asOf);
    }

    @Test
    void itsUpdateHasAllThatAnUpdateHas() {
        openAccount();
        Applied applied = ledger.decide(
                        "d",
                        "r",
                        CELLS,
                        now -> now.update()
                                .take(AVAILABLE, "2000.00")
                                .force("agreed")
                                .reference("order/1")
                                .metadata("m")
                                .build())
                .orThrow();
        assertThat(applied.receipt().reference()).isEqualTo("order/1");
        assertThat(applied.receipt().metadata()).isEqualTo("m");
        refused(
                Rejected.ReferenceTaken.class,
                Reason.REFERENCE_TAKEN,
                update().add(AVAILABLE, "1").reference("order/1"));

        DecideFunction retryable =
                now -> now.update().take(AVAILABLE, "1.00").retryable().build();
        refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, ledger.decide("e", "r", CELLS, retryable));
        assertThat(ledger.find("e")).isEmpty();
        applied(update().add(AVAILABLE, "9000.00"));
        assertThat(ledger.decide("e", "r", CELLS, retryable)).isInstanceOf(Applied.class);
    }

    @Test
    void aFunctionMayBeAskedAboutManyCells() {
        List<CellId> cells = new ArrayList<>();
        Update.Builder open = update();
        for (int i = 0; i < 1000; i++) {
            var cell = AccountId.of(KIND, "many-" + i % 10).balance("b" + i, SAR);
            cells.add(cell);
            open.open(cell);
        }
        applied(open);
        ledger.decide("all", "all", cells, now -> {
                    Update.Builder update = now.update();
                    cells.forEach(cell -> update.add((BalanceId) cell, "1.00"));
                    return update.build();
                })
                .orThrow();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ledger.decide("none", "none", List.of(), now -> now.decline("NO", "")));
        assertThat(books().cells()).allMatch(cell -> cell.version() == 2);
    }
}

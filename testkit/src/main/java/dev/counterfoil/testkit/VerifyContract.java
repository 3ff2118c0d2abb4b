package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.Finding;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Verification: sound books are found sound, beside writers too, and it ends when it is told to. */
abstract class VerifyContract extends ContractPart {
    private static final VerifyListener SILENT = new VerifyListener() {};

    VerifyContract(LedgerContract store) {
        super(store);
    }

    private static void sound(Verification result) {
        assertThat(result.first()).isEmpty();
        assertThat(result.sound()).isTrue();
        assertThat(result.findings()).isZero();
        assertThat(result.pruned()).isZero();
    }

    @Test
    void anEmptyLedgerIsSound() {
        Verification result = ledger.verify(VerifyRequest.all());
        assertThat(result).isEqualTo(new Verification(0, 0, 0, 0, 0, 0, List.of()));
    }

    @Test
    void aRandomHistoryIsSoundAndCountedInFull() {
        Seed seed = Seed.of("verify");
        RandomHistory history = new RandomHistory(seed, "key-");
        for (int i = 0; i < 150; i++) {
            history.learn(history.next().on(ledger));
        }
        List<Cell> cells = ledger.read(ledger.accounts(RandomHistory.KIND, "", PageRequest.first(100)).items().stream()
                        .toArray(AccountId[]::new))
                .cells();
        Set<String> keys = new TreeSet<>();
        history.calls()
                .forEach(call -> call.keys().forEach(key -> {
                    if (ledger.find(key).isPresent()) {
                        keys.add(key.toString());
                    }
                }));
        for (VerifyRequest request : List.of(VerifyRequest.all(), VerifyRequest.of(RandomHistory.KIND, ""))) {
            Verification result = ledger.verify(request);
            sound(result);
            assertThat(result.cells()).as(seed.toString()).isEqualTo(cells.size());
            assertThat(result.cellsInAll()).isEqualTo(cells.size());
            assertThat(result.entries())
                    .as(seed.toString())
                    .isEqualTo(cells.stream().mapToLong(Cell::version).sum());
        }
        assertThat(ledger.verify(VerifyRequest.all()).decisions())
                .as(seed.toString())
                .isEqualTo(keys.size());
    }

    @Test
    void besideWritersNothingIsFound() throws Exception {
        openAccount();
        BalanceId[] balances = new BalanceId[6];
        Update.Builder open = update();
        for (int i = 0; i < balances.length; i++) {
            balances[i] = AccountId.of(KIND, "busy-" + i).balance("money", SAR);
            open.open(balances[i], "1000.00", Limits.nonNegative());
        }
        applied(open);
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Long>> tasks = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            tasks.add(() -> write(number, balances, done));
        }
        tasks.add(() -> verifyForAWhile(done));
        List<Long> counts = Crowd.ask(tasks.size(), tasks::get);
        assertThat(counts).as("each has done something").allMatch(count -> count > 0);
        sound(ledger.verify(VerifyRequest.all()));
    }

    private long write(int writer, BalanceId[] balances, AtomicBoolean done) {
        long written = 0;
        for (; !done.get(); written++) {
            BalanceId from = balances[(int) ((writer + written) % balances.length)];
            BalanceId to = balances[(int) ((writer + 2 * written + 1) % balances.length)];
            Update.Builder update = Update.of("w" + writer + "/" + written).append(USAGE, "w" + writer);
            if (from.equals(to)) {
                update.open(
                        AccountId.of(KIND, "new-" + writer + "-" + written).balance("money", SAR),
                        "1.00",
                        Limits.none());
            } else {
                update.transfer(from, to, "1.00");
            }
            ledger.apply(update.build());
            // A store without a disk would write more than it is fair to have read again and again.
            LockSupport.parkNanos(1_000_000);
        }
        return written;
    }

    private long verifyForAWhile(AtomicBoolean done) {
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            long runs = 0;
            while (end - System.nanoTime() > 0) {
                VerifyRequest some = VerifyRequest.of(KIND, runs % 2 == 0 ? "" : "busy");
                sound(ledger.verify(VerifyRequest.all()));
                sound(ledger.verify(some));
                sound(ledger.verify(VerifyRequest.all().sinceLast()));
                runs++;
            }
            return runs;
        } finally {
            done.set(true);
        }
    }

    @Test
    void sinceTheLastRunOnlyWhatIsNewIsLookedAt() {
        openAccount();
        VerifyRequest request = VerifyRequest.all().sinceLast();
        Verification first = ledger.verify(request);
        sound(first);
        assertThat(first.entries()).isEqualTo(3);
        Verification idle = ledger.verify(request);
        sound(idle);
        assertThat(idle.cells()).isEqualTo(3);
        assertThat(idle.entries()).isZero();
        assertThat(idle.decisions()).isZero();
        applied(update().take(AVAILABLE, "1.00").append(USAGE, "1"));
        applied(update().compareAndSet(STATUS, "ACTIVE", "ENDED").close(STATUS));
        applied(update().setLimits(AVAILABLE, Limits.between("-1", "5000.5")).open(OTHER));
        Verification next = ledger.verify(request);
        sound(next);
        assertThat(next.cells()).isEqualTo(4);
        assertThat(next.entries()).isEqualTo(6);
        assertThat(next.decisions()).isEqualTo(3);
        assertThat(ledger.verify(request).entries()).isZero();
        assertThat(ledger.verify(VerifyRequest.all()).entries())
                .as("all, from the first on")
                .isEqualTo(9);
    }

    @Test
    void onlyTheAccountsThatAreAskedForAreLookedAt() {
        for (String id : List.of("a", "a1", "a2", "b", "A", "%")) {
            applied(update().open(AccountId.of(KIND, id).journal("j")));
        }
        applied(update().open(AccountId.of("other", "a1").journal("j"))
                .open(AccountId.of("other", "a1").journal("k")));
        Ledger elsewhere = ledger.namespace("elsewhere");
        elsewhere
                .apply(update().open(AccountId.of(KIND, "a9").journal("j")).build())
                .orThrow();

        assertThat(cells(VerifyRequest.all())).isEqualTo(8);
        assertThat(cells(VerifyRequest.of(KIND, ""))).isEqualTo(6);
        assertThat(cells(VerifyRequest.of(KIND, "a"))).isEqualTo(3);
        assertThat(cells(VerifyRequest.of(KIND, "a1"))).isEqualTo(1);
        assertThat(cells(VerifyRequest.of(KIND, "%"))).isEqualTo(1);
        assertThat(cells(VerifyRequest.of(KIND, "c"))).isZero();
        assertThat(cells(VerifyRequest.of("other", "a"))).isEqualTo(2);
        assertThat(elsewhere.verify(VerifyRequest.all()).cells()).isEqualTo(1);
        assertThat(elsewhere.verify(VerifyRequest.all()).decisions()).isEqualTo(1);
    }

    private long cells(VerifyRequest request) {
        Verification result = ledger.verify(request);
        sound(result);
        assertThat(result.cellsInAll()).isEqualTo(result.cells());
        return result.cells();
    }

    @Test
    void manyCellsAreLookedAtPageByPage() {
        List<Update> opens = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Update.Builder open = update();
            for (int j = 0; j < 50; j++) {
                open.open(AccountId.of(KIND, "many-" + i + "-" + j / 3).register("r" + j), "text " + j);
            }
            opens.add(open.build());
        }
        ledger.applyEach(opens).forEach(outcome -> outcome.orThrow());
        for (VerifyRequest request : List.of(
                VerifyRequest.all(),
                VerifyRequest.all().sinceLast(),
                VerifyRequest.all().sinceLast())) {
            Verification result = ledger.verify(request);
            sound(result);
            assertThat(result.cells()).isEqualTo(600);
        }
    }

    @Test
    void progressBeginsWithTheNumberOfCells() {
        openAccount();
        List<Verification> told = new ArrayList<>();
        ledger.verify(VerifyRequest.all(), new VerifyListener() {
            @Override
            public void onProgress(Verification soFar) {
                told.add(soFar);
            }

            @Override
            public void onFinding(Finding finding) {
                throw new AssertionError(finding.toString());
            }
        });
        assertThat(told).isNotEmpty();
        assertThat(told.get(0)).isEqualTo(new Verification(3, 0, 0, 0, 0, 0, List.of()));
    }

    private static VerifyListener atFirst(Runnable action) {
        AtomicInteger told = new AtomicInteger();
        return new VerifyListener() {
            @Override
            public void onProgress(Verification soFar) {
                if (told.incrementAndGet() == 1) {
                    action.run();
                }
            }
        };
    }

    @Test
    void whatTheListenerThrowsReachesTheCaller() {
        openAccount();
        IllegalArgumentException thrown = new IllegalArgumentException("enough");
        VerifyListener throwing = atFirst(() -> {
            throw thrown;
        });
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ledger.verify(VerifyRequest.all(), throwing))
                .isSameAs(thrown);
        sound(ledger.verify(VerifyRequest.all()));
    }

    @Test
    void anInterruptEndsIt() {
        openAccount();
        VerifyListener interrupting = atFirst(Thread.currentThread()::interrupt);
        try {
            assertThatExceptionOfType(NotAppliedException.class)
                    .isThrownBy(() -> ledger.verify(VerifyRequest.all(), interrupting));
            assertThat(Thread.currentThread().isInterrupted()).as("the flag").isTrue();
        } finally {
            Thread.interrupted();
        }
        sound(ledger.verify(VerifyRequest.all()));
    }

    @Test
    void aLedgerThatIsClosedMeanwhileEndsItAndIsNotHeldUp() {
        openAccount();
        VerifyListener closing = atFirst(ledger::close);
        assertThatExceptionOfType(NotAppliedException.class)
                .isThrownBy(() -> ledger.verify(VerifyRequest.all(), closing));
        assertThatIllegalStateException().isThrownBy(() -> ledger.verify(VerifyRequest.all(), SILENT));
    }

    @Test
    void itIsRefusedInsideADecideFunction() {
        openAccount();
        assertThatIllegalStateException()
                .isThrownBy(() -> ledger.decide(fresh(), "look", List.of(AVAILABLE), now -> {
                    ledger.verify(VerifyRequest.all());
                    return now.decline("NO", "never");
                }));
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Finding;
import dev.counterfoil.JournalId;
import dev.counterfoil.Limits;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.memory.MemoryStores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sound books with a little of everything, and verifications without a ledger. */
final class Verifying {
    static final Unit SAR = Unit.of("SAR", 2);
    static final AccountId A = AccountId.of("acc", "a");
    static final AccountId B = AccountId.of("acc", "b");
    static final BalanceId MONEY = A.balance("money", SAR);
    static final BalanceId OTHER = B.balance("money", SAR);
    static final RegisterId STATUS = A.register("status");
    static final JournalId LOG = A.journal("log");

    private Verifying() {}

    /**
     * Four cells. The balance a:money has the entries 100.00 (never below zero), -30.00, -20.00, limits of -50 and 1000, +30.00,
     * and so 80.00; b:money 0.00 (at most 500), +30.00, -30.00.
     */
    static LedgerStore sound() {
        LedgerStore store = MemoryStores.create();
        StoreLedger ledger = new StoreLedger(store, LedgerSettings.defaults());
        ledger.apply(Update.of("k1")
                        .open(MONEY, "100.00", Limits.nonNegative())
                        .open(STATUS, "NEW")
                        .open(LOG)
                        .build())
                .orThrow();
        ledger.apply(Update.of("k2").open(OTHER, "0.00", Limits.atMost("500")).build())
                .orThrow();
        Applied transfer = ledger.apply(
                        Update.of("k3").transfer(MONEY, OTHER, "30.00").build())
                .orThrow();
        ledger.apply(Update.of("k4")
                        .take(MONEY, "20.00")
                        .compareAndSet(STATUS, "NEW", "PAID")
                        .append(LOG, "one")
                        .build())
                .orThrow();
        ledger.apply(Update.of("k5").take(MONEY, "999.00").build());
        ledger.apply(Update.of("k6")
                        .setLimits(MONEY, Limits.between("-50", "1000"))
                        .append(LOG, "two")
                        .reference("ref-1")
                        .build())
                .orThrow();
        ledger.apply(Update.reversalOf("k7", transfer.receipt()).build()).orThrow();
        return store;
    }

    static DamagedBooks books() {
        try {
            return DamagedBooks.of(sound().audit(), "");
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10));
    }

    static AuditCalls calls(AuditStore store) {
        return calls(store, new Gate());
    }

    static AuditCalls calls(AuditStore store, Gate gate) {
        return new AuditCalls(
                store,
                gate,
                Verifying::soon,
                new AuditCalls.Reads() {
                    @Override
                    public <T> T make(StoreLedger.StoreCall<T> call) {
                        try {
                            return call.run();
                        } catch (StoreException e) {
                            throw new NotAppliedException("the read failed", e);
                        }
                    }
                },
                () -> {});
    }

    static Verification verify(AuditStore store, VerifyRequest request, VerifyListener listener) {
        return new VerifyRun("", request, calls(store), listener, System::nanoTime).run();
    }

    /** What is found, as text: the listener and the result agree. */
    static List<String> found(AuditStore store, VerifyRequest request) {
        List<Finding> told = new ArrayList<>();
        Verification result = verify(store, request, new VerifyListener() {
            @Override
            public void onFinding(Finding finding) {
                told.add(finding);
            }
        });
        if (result.findings() != told.size()
                || !told.subList(0, result.first().size()).equals(result.first())) {
            throw new AssertionError(result + " but told " + told);
        }
        return told.stream().map(Finding::toString).toList();
    }

    static List<String> found(AuditStore store) {
        return found(store, VerifyRequest.all());
    }
}

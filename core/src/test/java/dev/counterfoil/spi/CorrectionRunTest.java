package dev.counterfoil.spi;

import static dev.counterfoil.spi.Verifying.MONEY;
import static dev.counterfoil.spi.Verifying.STATUS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.Applied;
import dev.counterfoil.Finding;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Fingerprints;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryPolicy;
import dev.counterfoil.retry.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The way of a correction: stale rows, lost answers, entries that are damaged themselves. */
class CorrectionRunTest {
    private static final Retry RETRY = Retry.named(
            "test",
            RetryPolicy.contention()
                    .withMaxAttempts(3)
                    .withClassifier(
                            e -> e instanceof StoreException s && s.trouble() != StoreException.Trouble.PERMANENT
                                    ? Verdict.RETRY
                                    : Verdict.FAIL));

    private final LedgerStore store = Verifying.sound();
    private final StoreLedger ledger = new StoreLedger(store, LedgerSettings.defaults());

    private Outcome accept(AuditStore audit, String key, String amount) {
        return run(
                audit,
                new CorrectionRun.Wish(
                        new DecisionId("", Key.of(key)),
                        Fingerprints.of("", MONEY, amount, "counted"),
                        MONEY,
                        amount,
                        "counted"));
    }

    private Outcome restore(AuditStore audit) {
        return run(
                audit,
                new CorrectionRun.Wish(
                        new DecisionId("", Key.of("r")), Fingerprints.of("", MONEY, null, "why"), MONEY, null, "why"));
    }

    private Outcome run(AuditStore audit, CorrectionRun.Wish wish) {
        return new CorrectionRun(wish, store, Verifying.calls(audit), RETRY).run();
    }

    /** Loses the answers to some corrections, before or after they were made. */
    private AuditStore losing(int times, boolean after) {
        return new DelegatingAudit(store.audit()) {
            private int left = times;

            @Override
            public Answer correct(Correction correction, Deadline deadline) throws StoreException {
                if (left > 0 && !after) {
                    left--;
                    throw lost();
                }
                Answer answer = super.correct(correction, deadline);
                if (left-- > 0) {
                    throw lost();
                }
                return answer;
            }

            private StoreException lost() {
                return new StoreException(
                        StoreException.Phase.COMMIT, StoreException.Trouble.UNKNOWN, "the answer was lost", null);
            }
        };
    }

    @Test
    void aLostAnswerIsAskedForAgainAndCountsOnce() {
        Outcome outcome = accept(losing(1, true), "c1", "75.00");
        assertThat(outcome).isInstanceOfSatisfying(Applied.class, applied -> {
            assertThat(applied.replayed()).isTrue();
            assertThat(applied.receipt().balance(MONEY)).isEqualTo("75.00");
        });
        assertThat(accept(losing(1, false), "c2", "70.00")).isInstanceOf(Applied.class);
        assertThat(ledger.read(MONEY.account()).find(MONEY).orElseThrow().version())
                .isEqualTo(7);
    }

    /** What is committed may be seen before it is durable: only a commit behind the same lock answers for that. */
    @Test
    void aRepeatIsCommittedToo() {
        AtomicInteger committed = new AtomicInteger();
        AuditStore counting = new DelegatingAudit(store.audit()) {
            @Override
            public Answer correct(Correction correction, Deadline deadline) throws StoreException {
                Answer answer = super.correct(correction, deadline);
                committed.incrementAndGet();
                return answer;
            }
        };
        Outcome first = accept(counting, "c1", "75.00");
        assertThat(committed).hasValue(1);

        assertThat(accept(counting, "c1", "75.00"))
                .isEqualTo(new Applied(first.orThrow().receipt(), true));
        assertThat(committed).hasValue(2);
        assertThat(accept(counting, "c1", "76.00")).isInstanceOf(KeyReused.class);
        assertThat(committed).hasValue(3);
    }

    @Test
    void whatCannotBeFoundOutIsUnknown() {
        for (boolean after : new boolean[] {true, false}) {
            OutcomeUnknownException e = catchThrowableOfType(
                    OutcomeUnknownException.class,
                    () -> accept(losing(100, after), "c" + after, "75.0" + (after ? 1 : 2)));
            assertThat(e.key()).isEqualTo(Key.of("c" + after));
        }
        assertThat(ledger.find("ctrue")).isPresent();
        assertThat(ledger.find("cfalse")).isEmpty();
    }

    @Test
    void aCellThatChangesMeanwhileIsLookedAtAgain() {
        int[] seen = new int[1];
        AuditStore busy = new DelegatingAudit(store.audit()) {
            @Override
            public Answer correct(Correction correction, Deadline deadline) throws StoreException {
                if (seen[0]++ < 3) {
                    ledger.apply(Update.of("m" + seen[0]).add(MONEY, "1.00").build())
                            .orThrow();
                }
                return super.correct(correction, deadline);
            }
        };
        Applied applied = accept(busy, "c", "70.00").orThrow();
        assertThat(seen[0]).isEqualTo(4);
        assertThat(applied.receipt().balance(MONEY)).isEqualTo("70.00");
        assertThat(Verifying.found(store.audit())).isEmpty();
    }

    @Test
    void aCellThatChangesAgainAndAgainEndsTheTime() {
        AuditStore stale = new DelegatingAudit(store.audit()) {
            @Override
            public Answer correct(Correction correction, Deadline deadline) {
                return new Answer.Stale();
            }
        };
        AuditCalls calls =
                new AuditCalls(stale, new Gate(), () -> Deadline.after(Duration.ofMillis(50)), reads(), () -> {});
        CorrectionRun.Wish wish = new CorrectionRun.Wish(
                new DecisionId("", Key.of("c")), Fingerprints.of("", STATUS, "x", "why"), STATUS, "x", "why");
        assertThatExceptionOfType(NotAppliedException.class)
                .isThrownBy(() -> new CorrectionRun(wish, store, calls, RETRY).run())
                .withMessageContaining("changed again and again");
    }

    private static AuditCalls.Reads reads() {
        return new AuditCalls.Reads() {
            @Override
            public <T> T make(StoreLedger.StoreCall<T> call) {
                try {
                    return call.run();
                } catch (StoreException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private List<String> refused(DamagedBooks books) {
        NotCorrectableException e = catchThrowableOfType(NotCorrectableException.class, () -> restore(books));
        assertThat(e).isNotNull();
        assertThat(books.made).isZero();
        return e.findings().stream().map(Finding::toString).toList();
    }

    @Test
    void entriesThatAreDamagedThemselvesCannotBeBelieved() {
        List<String> seen = new ArrayList<>();
        for (Damage damage : List.<Damage>of(
                books -> books.entries.remove(books.entry("a:money", 3)),
                books -> books.entries.add(books.entry("a:money", 3)),
                books -> books.cell("a:money", row -> With.changed(row, "version", 7L)),
                books -> books.entry("a:money", 3, row -> With.changed(row, "delta", "much")),
                books -> books.entry("a:money", 3, row -> With.changed(row, "type", "GIFT")),
                books -> books.entry("a:money", 3, row -> outcome(row, null)),
                books -> books.entry("a:money", 3, row -> outcome(row, "CLOSED")),
                books -> books.entry(
                        "a:money",
                        3,
                        row -> With.changed(
                                row, "decisionId", books.decision("k2").id())))) {
            DamagedBooks books = Verifying.books();
            books.cell("a:money", row -> With.changed(row, "state", With.changed(row.state(), "amount", "1000.00")));
            damage.to(books);
            seen.addAll(refused(books));
        }
        assertThat(seen)
                .containsExactly(
                        "SEQUENCE_GAP acc/a:money #3",
                        "SEQUENCE_REPEATED acc/a:money #3",
                        "SEQUENCE_GAP acc/a:money #6",
                        "BAD_AMOUNT acc/a:money #3",
                        "DECISION_WITHOUT_ENTRY acc/a:money #3",
                        "BAD_ROW acc/a:money #3",
                        "DECISION_WITHOUT_ENTRY acc/a:money #3",
                        "ENTRY_WITHOUT_DECISION acc/a:money #3",
                        "ENTRY_WITHOUT_DECISION acc/a:money #3",
                        "ENTRY_WITHOUT_DECISION acc/a:money #3");
    }

    private static EntryRow outcome(EntryRow row, @Nullable String outcome) {
        return With.changed(row, "outcome", outcome);
    }

    private interface Damage {
        void to(DamagedBooks books);
    }

    @Test
    void anAmountThatCannotBeReadIsRestored() {
        DamagedBooks books = Verifying.books();
        books.cell("a:money", row -> With.changed(row, "state", With.changed(row.state(), "amount", "abc")));
        Applied applied = restore(books).orThrow();
        assertThat(applied.receipt().balance(MONEY)).isEqualTo("80.00");
        assertThat(books.made).isEqualTo(1);
    }

    @Test
    void anAmountInOneEntryThatDoesNotFollowIsNoObstacleBecauseTheSumCounts() {
        DamagedBooks books = Verifying.books();
        books.entry("a:money", 3, row -> With.changed(row, "amount", "49.00"));
        books.cell("a:money", row -> With.changed(row, "state", With.changed(row.state(), "amount", "79.00")));
        assertThat(restore(books).orThrow().receipt().balance(MONEY)).isEqualTo("80.00");
    }

    @Test
    void anEntryThatChangesSomethingElseThanItsDecisionSaysMakesNoMoney() {
        DamagedBooks books = Verifying.books();
        books.entry("a:money", 3, row -> With.changed(row, "delta", "7.00"));
        assertThat(refused(books)).containsExactly("DECISION_WITHOUT_ENTRY acc/a:money #3");
    }

    /** The break is there whether the delta was changed or the amount, and the receipt that would tell is gone. */
    @Test
    void whereTheReceiptOfABrokenEntryWasPrunedNobodyKnowsWhichOfItsFiguresIsRight() {
        for (String column : List.of("delta", "amount")) {
            DamagedBooks books = Verifying.books();
            books.entry("a:money", 3, row -> With.changed(row, column, "7.00"));
            books.cell("a:money", row -> With.changed(row, "state", With.changed(row.state(), "amount", "79.00")));
            books.decision("k4", row -> With.changed(row, "entries", null));
            assertThat(refused(books)).contains("AFTER_DIFFERS acc/a:money #3");
            assertThat(accept(books, "c-" + column, "75.00").orThrow().receipt().balance(MONEY))
                    .isEqualTo("75.00");
        }
    }

    @Test
    void aReceiptThatWasPrunedIsNoObstacleWhereItsEntryFollows() {
        DamagedBooks books = Verifying.books();
        books.entry("a:money", 4, row -> With.changed(row, "amount", "49.00"));
        books.cell("a:money", row -> With.changed(row, "state", With.changed(row.state(), "amount", "79.00")));
        books.decision("k4", row -> With.changed(row, "entries", null));
        assertThat(restore(books).orThrow().receipt().balance(MONEY)).isEqualTo("80.00");
    }
}

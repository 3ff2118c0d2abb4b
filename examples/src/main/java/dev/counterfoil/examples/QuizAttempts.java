package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.examples.harness.Checks;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Together;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Scenario 5: a counter and a list that grow together, by fifty at once; records that are equal stay apart. */
public final class QuizAttempts implements Scenario {
    /** Not only money: a balance counts anything. */
    private static final Unit ATTEMPTS = Unit.of("attempts", 0);

    private static final AccountId QUIZ = AccountId.of("quiz", "student-5/algebra");
    private static final BalanceId ATTEMPTED = QUIZ.balance("attempts", ATTEMPTS);
    private static final JournalId HISTORY = QUIZ.journal("history");

    private static final int CALLERS = 50;

    /** Opens the quiz for a student. */
    static Outcome open(Ledger ledger) {
        return ledger.apply(Update.of("quiz/open")
                .open(ATTEMPTED, 0, Limits.nonNegative())
                .open(HISTORY)
                .build());
    }

    /** Counts an attempt and keeps its record; the receipt says which attempt it was. */
    static long attempt(Ledger ledger, String key, String record) {
        return ledger.apply(
                        Update.of(key).add(ATTEMPTED, 1).append(HISTORY, record).build())
                .orThrow()
                .receipt()
                .count(HISTORY);
    }

    @Override
    public String title() {
        return "Quiz attempts";
    }

    @Override
    public String mustEndAs() {
        return "50 attempts at once: 50 counted, 50 records in one gapless order, equal ones kept";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        Checks checks = new Checks();
        open(ledger).orThrow();
        List<Long> numbers = Together.run(CALLERS, caller -> attempt(ledger, "attempt-" + caller, record(caller)));

        Snapshot now = ledger.read(QUIZ);
        checks.amount("attempts", "50", now.balance(ATTEMPTED));
        checks.same("records", 50L, now.count(HISTORY));
        checks.same("attempt numbers that were told", 50, new TreeSet<>(numbers).size());
        List<BalanceEntry> counted = Checks.allOf(page -> ledger.history(ATTEMPTED, page));
        List<JournalEntry> records = Checks.allOf(page -> ledger.history(HISTORY, page));
        checks.fold("attempts", counted, now.balance(ATTEMPTED));
        checks.gapless("history", records);
        checks.same("entries of both", counted.size(), records.size());
        for (int i = 0; i < records.size(); i++) {
            checks.same(
                    "update of entry " + (i + 1) + " in both",
                    counted.get(i).key(),
                    records.get(i).key());
        }
        List<String> kept = records.stream()
                .filter(entry -> entry.type() == EntryType.APPEND)
                .map(entry -> Objects.requireNonNull(entry.payload()))
                .sorted()
                .toList();
        List<String> sent = numbers.stream()
                .map(number -> record(number.intValue()))
                .sorted()
                .toList();
        checks.same("records kept", sent, kept);
        return checks.ending(now.balance(ATTEMPTED) + " counted, " + now.count(HISTORY) + " records, "
                + new TreeSet<>(kept).size() + " of them different; no gap");
    }

    /** One of five records, so that many are equal. */
    private static String record(int caller) {
        return "{\"score\":" + caller % 5 + "}";
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        table.write("attempts", "0");
        table.write("history", "");
        Together.Barrier betweenReadAndWrite = new Together.Barrier(CALLERS);
        Together.run(CALLERS, caller -> {
            BigDecimal attempts = table.amount("attempts");
            String history = table.read("history");
            betweenReadAndWrite.await();
            table.write("attempts", attempts.add(BigDecimal.ONE));
            table.write("history", history + record(caller));
            return caller;
        });
        int attempts = table.amount("attempts").intValueExact();
        int records = table.read("history").split("}", 0).length;
        return new Loss(
                attempts < CALLERS && records < CALLERS,
                attempts + " of 50 counted, " + records + " of 50 records kept");
    }
}

package dev.counterfoil.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.counterfoil.EntryType;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/**
 * Two threads append a record each to the same journal.
 *
 * <p>The hazard is one place for both: each takes the next number, they take the same, and the later record is written over the
 * earlier one, or stands beside it under one number.
 *
 * <p>The result is the count of the journal, then its records with their places.
 */
public final class AppendStress {
    private AppendStress() {}

    /** The next number is read before it is used. The map is safe for threads, which does not help. */
    @State
    @JCStressTest
    @Outcome(id = "2, 1=a 2=b", expect = ACCEPTABLE, desc = "both are there, the first thread's before")
    @Outcome(id = "2, 1=b 2=a", expect = ACCEPTABLE, desc = "both are there, the second thread's before")
    @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "a record was lost")
    @Outcome(expect = FORBIDDEN, desc = "count and records do not agree")
    public static class Broken {
        private final Map<Integer, String> records = new ConcurrentHashMap<>();

        private void append(String payload) {
            int next = records.size() + 1;
            records.put(next, payload);
        }

        /** Appends a. */
        @Actor
        public void first() {
            append("a");
        }

        /** Appends b. */
        @Actor
        public void second() {
            append("b");
        }

        /** Reads what became of it. */
        @Arbiter
        public void audit(IL_Result r) {
            r.r1 = records.size();
            r.r2 = String.join(
                    " ",
                    records.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .sorted()
                            .toList());
        }
    }

    /** The same as updates of a ledger in memory. */
    @State
    @JCStressTest
    @Outcome(id = "2, 1=a 2=b", expect = ACCEPTABLE, desc = "both are there, the first thread's before")
    @Outcome(id = "2, 1=b 2=a", expect = ACCEPTABLE, desc = "both are there, the second thread's before")
    @Outcome(id = "1, .*", expect = FORBIDDEN, desc = "a record was lost")
    @Outcome(expect = FORBIDDEN, desc = "count and records do not agree")
    public static class Actual {
        private final Stand stand = Stand.next();
        private final JournalId journal = stand.account().journal("consumptions");
        private final Update a = stand.update("a").append(journal, "a").build();
        private final Update b = stand.update("b").append(journal, "b").build();

        /** Opens the journal. */
        public Actual() {
            stand.ledger().apply(stand.update("open").open(journal).build()).orThrow();
        }

        /** Appends a. */
        @Actor
        public void first() {
            stand.ledger().apply(a).orThrow();
        }

        /** Appends b. */
        @Actor
        public void second() {
            stand.ledger().apply(b).orThrow();
        }

        /** Reads what became of it; the opening is the entry before the first record. */
        @Arbiter
        public void audit(IL_Result r) {
            List<JournalEntry> entries =
                    stand.ledger().history(journal, PageRequest.first(10)).items();
            r.r1 = (int) stand.ledger().read(stand.account()).count(journal);
            r.r2 = String.join(
                    " ",
                    entries.stream()
                            .filter(entry -> entry.type() == EntryType.APPEND)
                            .map(entry -> (entry.sequence() - 1) + "=" + entry.payload())
                            .toList());
        }
    }
}

package dev.counterfoil.stress.history;

import dev.counterfoil.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A history that is made up, and what a ledger would hold behind it: three accounts, each with the same four cells. */
final class Tale {
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, List<Book.Line>> entries = new LinkedHashMap<>();

    Tale() {
        for (int i = 0; i < 3; i++) {
            open(i, World.MONEY, "100.00", "100.00", Limits.between("0", "250"));
            open(i, "points", "10", "10", Limits.between("0", "40"));
            open(i, "status", "open", World.NEW, null);
            open(i, "log", "open", "0", null);
        }
    }

    private void open(int account, String cell, String change, String after, Limits limits) {
        Trace trace = new Trace("load/" + account + ":" + cell, 1, change, after);
        List<Book.Line> lines = new ArrayList<>();
        lines.add(new Book.Line(trace, "open-" + account, 0, null, limits, Instant.EPOCH));
        entries.put(trace.cell(), lines);
    }

    static Answer applied(String receipt) {
        return Answer.decided(Answer.Type.DECIDED, new Decided(true, receipt, "", "recordedAt=" + Instant.EPOCH + " "));
    }

    /** Of a decision that says what it saw. */
    static Answer appliedOn(String seen, String receipt) {
        return Answer.decided(
                Answer.Type.DECIDED, new Decided(true, receipt, seen, "recordedAt=" + Instant.EPOCH + " "));
    }

    static Answer refused(String reason, String seen) {
        return Answer.decided(
                Answer.Type.DECIDED, new Decided(false, reason, seen, "recordedAt=" + Instant.EPOCH + " "));
    }

    static Answer again(Answer answer) {
        return Answer.decided(Answer.Type.REPLAYED, answer.decided());
    }

    static Answer reused(Answer answer) {
        return Answer.decided(Answer.Type.KEY_REUSED, answer.decided());
    }

    static Answer notApplied() {
        return Answer.other(Answer.Type.NOT_APPLIED, "no connection");
    }

    static Answer unknown() {
        return Answer.other(Answer.Type.UNKNOWN, "the link broke");
    }

    /** An update. */
    Tale update(long sent, long answered, String key, String content, Answer answer) {
        return call(Call.Kind.UPDATE, sent, answered, key, content, answer);
    }

    /** An update that was answered as applied and has done so: its receipt is in the book. */
    Tale done(long sent, long answered, String key, String content, String receipt) {
        return update(sent, answered, key, content, applied(receipt)).there(key, receipt);
    }

    /** A read. */
    Tale read(long sent, long answered, String seen) {
        return call(Call.Kind.READ, sent, answered, "", "", Answer.read(Seen.parse(seen)));
    }

    /** A look at a key that finds nothing. */
    Tale findsNothing(long sent, long answered, String key) {
        return call(Call.Kind.FIND, sent, answered, key, "", Answer.other(Answer.Type.FOUND_NOTHING, ""));
    }

    private Tale call(Call.Kind kind, long sent, long answered, String key, String content, Answer answer) {
        String id = "c" + (calls.size() + 1);
        calls.add(new Call(id, kind, key, content, sent, answered, answer, "tale:" + (calls.size() + 1)));
        return this;
    }

    /** What the ledger holds of a key. A journal's record is the key. */
    Tale there(String key, String traces) {
        int index = 0;
        for (Trace trace : Trace.parse(traces)) {
            List<Book.Line> lines = entries.get(trace.cell());
            String payload = trace.change().equals("append") ? key : null;
            lines.add(new Book.Line(trace, key, index++, payload, null, Instant.EPOCH));
        }
        return this;
    }

    List<Finding> findings() {
        return Checker.check(new History(calls), new Book(cells(), entries));
    }

    List<Finding> findingsWithoutLooks() {
        return Checker.check(new History(calls).withoutLooks(), new Book(cells(), entries));
    }

    List<Finding.Rule> rules() {
        return findings().stream().map(Finding::rule).distinct().toList();
    }

    private Map<String, Seen> cells() {
        Map<String, Seen> cells = new LinkedHashMap<>();
        entries.forEach((cell, lines) -> {
            Trace last = lines.get(lines.size() - 1).trace();
            cells.put(cell, new Seen(cell, last.sequence(), last.after()));
        });
        return cells;
    }
}

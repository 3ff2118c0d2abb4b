package dev.counterfoil.spi;

import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.Key;
import dev.counterfoil.spi.DecisionCheck.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at decisions and the entries that they left, twice where something is wrong. Used by one thread at a time. */
final class DecisionsLook {
    private final String namespace;
    private final AuditCalls calls;
    private final DecisionRows rows;
    private final VerifyReport report;

    DecisionsLook(String namespace, AuditCalls calls, VerifyReport report) {
        this.namespace = namespace;
        this.calls = calls;
        this.rows = new DecisionRows(namespace, calls);
        this.report = report;
    }

    /** Looks at all decisions of the namespace. */
    void all() {
        DecisionRow last = null;
        List<DecisionRow> page = rows.behind(null);
        while (!page.isEmpty()) {
            for (DecisionRow decision : page) {
                keys(last, decision);
                last = decision;
            }
            look(page, Map.of());
            page = rows.behind(last);
        }
    }

    /**
     * Looks at some decisions.
     *
     * @param decisions the decisions
     * @param known entries that were read already
     * @return the surrogate ids of those with which something is wrong
     */
    Set<Long> look(List<DecisionRow> decisions, Map<Place, EntryRow> known) {
        report.decisions(decisions);
        Map<Long, List<Finding>> first = check(decisions, new HashMap<>(known));
        Set<Long> wrong = new HashSet<>();
        if (!first.isEmpty()) {
            rows.read(
                    first.keySet(),
                    again -> check(again, new HashMap<>()).forEach((id, second) -> {
                        List<Finding> both = Findings.both(first.getOrDefault(id, List.of()), second);
                        report.tell(both);
                        if (!both.isEmpty()) {
                            wrong.add(id);
                        }
                    }));
        }
        references(decisions);
        reversals(decisions);
        return wrong;
    }

    /** What is wrong with decisions, by their surrogate ids. */
    private Map<Long, List<Finding>> check(List<DecisionRow> decisions, Map<Place, EntryRow> entries) {
        rows.entriesOf(decisions, entries);
        Map<Long, List<Finding>> found = new HashMap<>();
        for (DecisionRow decision : decisions) {
            DecisionCheck.run(
                    decision,
                    entries::get,
                    finding -> found.computeIfAbsent(decision.id(), unused -> new ArrayList<>())
                            .add(finding));
        }
        return found;
    }

    private void keys(@Nullable DecisionRow before, DecisionRow decision) {
        if (before == null || !isSameKey(before, decision)) {
            return;
        }
        rows.read(List.of(before.id(), decision.id()), again -> {
            if (again.size() == 2 && isSameKey(again.get(0), again.get(1))) {
                Key key = CellFold.key(decision.scope(), decision.key());
                report.tell(List.of(new Finding(FindingType.KEY_TWICE, null, null, 0, key, null, null)));
            }
        });
    }

    private static boolean isSameKey(DecisionRow some, DecisionRow other) {
        return some.scope().equals(other.scope()) && some.key().equals(other.key());
    }

    private void references(List<DecisionRow> decisions) {
        Map<String, DecisionRow> holders = new HashMap<>();
        for (DecisionRow decision : decisions) {
            if (decision.reference() != null && decision.outcome().equals(DecisionCheck.APPLIED)) {
                holders.put(decision.reference(), decision);
            }
        }
        List<String> twice = heldTwice(List.copyOf(holders.keySet()));
        for (String reference : heldTwice(twice)) {
            DecisionRow holder = holders.get(reference);
            Key key = holder == null ? null : CellFold.key(holder.scope(), holder.key());
            Finding finding = new Finding(FindingType.REFERENCE_TWICE, null, null, 0, key, null, reference);
            report.tell(finding, List.of(FindingType.REFERENCE_TWICE, reference));
        }
    }

    private List<String> heldTwice(List<String> references) {
        return references.isEmpty()
                ? List.of()
                : calls.read((store, deadline) -> store.heldTwice(namespace, references, deadline));
    }

    private void reversals(List<DecisionRow> decisions) {
        List<DecisionRow> reversals = decisions.stream()
                .filter(decision ->
                        decision.reversesKey() != null && decision.outcome().equals(DecisionCheck.APPLIED))
                .toList();
        for (DecisionRow reversal : reversedTwice(reversedTwice(reversals))) {
            Key key = CellFold.key(reversal.reversesScope(), reversal.reversesKey());
            report.tell(List.of(new Finding(FindingType.REVERSED_TWICE, null, null, 0, key, null, null)));
        }
    }

    private List<DecisionRow> reversedTwice(List<DecisionRow> reversals) {
        return reversals.isEmpty()
                ? List.of()
                : calls.read((store, deadline) -> store.reversedTwice(namespace, reversals, deadline));
    }

    DecisionRows rows() {
        return rows;
    }
}

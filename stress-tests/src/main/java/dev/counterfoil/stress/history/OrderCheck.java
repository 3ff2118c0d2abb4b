package dev.counterfoil.stress.history;

import dev.counterfoil.stress.history.Finding.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything together: is there one order of all updates, refusals and reads that explains every answer and agrees
 * with the clock?
 *
 * <p>Three kinds of "before" are known. In a cell, the entry 5 comes before the entry 6. Who saw version 5 of a cell comes
 * behind its entry 5 and before its entry 6. And what was answered before another thing was sent comes before it. If all these
 * together go round in a circle, no order explains what happened; if they do not, they can be put in a line, and that line is
 * the order. (This property is called strict serializability.) The circle that is found is the evidence.
 *
 * <p>For the clock, every answer gets a node; these form a chain in the order of time. What was answered points to its node,
 * and what is sent later hangs on the last node before: so the arrows are a few per call, and not one per pair of calls.
 */
final class OrderCheck {
    private final List<Moment> moments;
    /** The moments that have an end, in the order of their ends. */
    private final int[] answers;

    private final Graph graph;
    private final Map<String, Integer> writers = new HashMap<>();

    private OrderCheck(List<Moment> moments) {
        this.moments = moments;
        answers = IntStream.range(0, moments.size())
                .boxed()
                .filter(i -> moments.get(i).by() != Long.MAX_VALUE)
                .sorted(Comparator.comparingLong(i -> moments.get(i).by()))
                .mapToInt(Integer::intValue)
                .toArray();
        graph = new Graph(moments.size() + answers.length);
    }

    static List<Finding> check(List<Moment> moments) {
        List<Finding> withoutTheClock = check(moments, false);
        // What has no order at all has none that agrees with the clock.
        return withoutTheClock.isEmpty() ? check(moments, true) : withoutTheClock;
    }

    private static List<Finding> check(List<Moment> moments, boolean clock) {
        OrderCheck check = new OrderCheck(moments);
        check.orderInCells();
        if (clock) {
            check.orderInTime();
        }
        return check.graph.circles(check::isTime, check::onlyLooks).stream()
                .map(check::finding)
                .toList();
    }

    private void orderInCells() {
        for (int i = 0; i < moments.size(); i++) {
            for (Trace entry : moments.get(i).wrote()) {
                writers.put(place(entry.cell(), entry.sequence()), i);
            }
        }
        for (int i = 0; i < moments.size(); i++) {
            for (Trace entry : moments.get(i).wrote()) {
                arrow(i, writers.get(place(entry.cell(), entry.sequence() + 1)));
            }
            for (Seen seen : moments.get(i).saw()) {
                arrow(writers.get(place(seen.cell(), seen.version())), i);
                arrow(i, writers.get(place(seen.cell(), seen.version() + 1)));
            }
        }
    }

    private static String place(String cell, long sequence) {
        return cell + "#" + sequence;
    }

    private void arrow(@Nullable Integer from, @Nullable Integer to) {
        // An update that looks at a cell and changes it stands on both sides.
        if (from != null && to != null && !from.equals(to)) {
            graph.arrow(from, to);
        }
    }

    private void orderInTime() {
        long[] times =
                Arrays.stream(answers).mapToLong(i -> moments.get(i).by()).toArray();
        for (int t = 0; t < answers.length; t++) {
            graph.arrow(answers[t], moments.size() + t);
            if (t > 0) {
                graph.arrow(moments.size() + t - 1, moments.size() + t);
            }
        }
        for (int i = 0; i < moments.size(); i++) {
            int last = lastBefore(times, moments.get(i).from());
            if (last >= 0) {
                graph.arrow(moments.size() + last, i);
            }
        }
    }

    private static int lastBefore(long[] times, long time) {
        int found = Arrays.binarySearch(times, time);
        int first = found < 0 ? -found - 1 : found;
        while (first > 0 && times[first - 1] == time) {
            first--;
        }
        return first - 1;
    }

    private boolean isTime(int node) {
        return node >= moments.size();
    }

    private boolean onlyLooks(int node) {
        return !isTime(node) && moments.get(node).wrote().isEmpty();
    }

    private Finding finding(List<Integer> circle) {
        boolean time = circle.stream().anyMatch(this::isTime);
        boolean looks = circle.stream().anyMatch(this::onlyLooks);
        Rule rule = looks
                ? (time ? Rule.STALE_READ : Rule.TORN_READ)
                : (time ? Rule.REAL_TIME_BROKEN : Rule.NO_COMMON_ORDER);
        StringBuilder what = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        Set<String> cells = new TreeSet<>();
        boolean answered = false;
        for (int node : circle) {
            if (isTime(node)) {
                answered = true;
                continue;
            }
            Moment moment = moments.get(node);
            what.append(what.length() == 0 ? "" : answered ? " was answered before the sending of " : " comes before ")
                    .append(moment.name())
                    .append(moment.wrote())
                    .append(moment.saw().isEmpty() ? "" : " that saw " + moment.saw());
            answered = false;
            calls.addAll(moment.calls());
            moment.wrote().forEach(entry -> cells.add(entry.cell()));
            moment.saw().forEach(seen -> cells.add(seen.cell()));
        }
        what.append(answered ? " was answered before the sending of the first" : " comes before the first");
        return Finding.of(rule, what.toString(), cells, calls);
    }
}

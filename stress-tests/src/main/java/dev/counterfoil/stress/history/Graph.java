package dev.counterfoil.stress.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;

/** What comes before what, and whether that is possible: numbered nodes, arrows between them, and the search for circles. */
final class Graph {
    private static final int MOST_CIRCLES = 20;

    private final List<List<Integer>> after;
    private final List<List<Integer>> before;
    private final int[] open;
    private final boolean[] gone;
    private final Deque<Integer> free = new ArrayDeque<>();

    Graph(int nodes) {
        after = lists(nodes);
        before = lists(nodes);
        open = new int[nodes];
        gone = new boolean[nodes];
    }

    private static List<List<Integer>> lists(int nodes) {
        List<List<Integer>> lists = new ArrayList<>(nodes);
        for (int i = 0; i < nodes; i++) {
            lists.add(new ArrayList<>(2));
        }
        return lists;
    }

    void arrow(int from, int to) {
        after.get(from).add(to);
        before.get(to).add(from);
        open[to]++;
    }

    /**
     * Puts the nodes in order, each behind all that come before it; what cannot be put in order has circles. Each
     * circle that is
     * found is taken out, to find the next, so that no node but helpers is in two of them. Takes time in proportion to
     * nodes and arrows, for each circle once more.
     *
     * @param helper true for nodes that only tie others together, and count nothing in a circle's length
     * @param suspect true for nodes that are looked at first
     * @return circles, each with its nodes in order; at most 20
     */
    List<List<Integer>> circles(IntPredicate helper, IntPredicate suspect) {
        List<List<Integer>> circles = new ArrayList<>();
        for (int node = 0; node < open.length; node++) {
            if (open[node] == 0) {
                free.add(node);
            }
        }
        sort();
        for (int left = firstLeft(); left >= 0 && circles.size() < MOST_CIRCLES; left = firstLeft()) {
            List<Integer> circle = someCircle(left);
            int start = circle.stream()
                    .filter(suspect::test)
                    .findFirst()
                    .or(() -> circle.stream().filter(node -> !helper.test(node)).findFirst())
                    .orElse(circle.get(0));
            List<Integer> found = shortest(start, helper);
            circles.add(found);
            found.stream().filter(node -> !helper.test(node)).forEach(free::add);
            sort();
        }
        return circles;
    }

    private void sort() {
        while (!free.isEmpty()) {
            int node = free.remove();
            if (!gone[node]) {
                gone[node] = true;
                for (int next : after.get(node)) {
                    if (--open[next] == 0) {
                        free.add(next);
                    }
                }
            }
        }
    }

    private int firstLeft() {
        for (int node = 0; node < gone.length; node++) {
            if (!gone[node]) {
                return node;
            }
        }
        return -1;
    }

    /** Whatever is left has something before it that is left too: going back ends in a circle. */
    private List<Integer> someCircle(int start) {
        int[] place = new int[gone.length];
        Arrays.fill(place, -1);
        List<Integer> way = new ArrayList<>();
        int node = start;
        while (place[node] < 0) {
            place[node] = way.size();
            way.add(node);
            node = before.get(node).stream()
                    .filter(earlier -> !gone[earlier])
                    .findFirst()
                    .orElseThrow();
        }
        List<Integer> circle = new ArrayList<>(way.subList(place[node], way.size()));
        Collections.reverse(circle);
        return circle;
    }

    /** A short circle through a node; helpers count nothing in its length. */
    private List<Integer> shortest(int start, IntPredicate helper) {
        int[] from = new int[gone.length];
        Arrays.fill(from, -1);
        Deque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (from[start] < 0) {
            int node = queue.remove();
            for (int next : after.get(node)) {
                if (!gone[next] && from[next] < 0) {
                    from[next] = node;
                    if (helper.test(next)) {
                        queue.addFirst(next);
                    } else {
                        queue.addLast(next);
                    }
                }
            }
        }
        List<Integer> circle = new ArrayList<>();
        int node = start;
        do {
            circle.add(node);
            node = from[node];
        } while (node != start);
        Collections.reverse(circle);
        return circle;
    }
}

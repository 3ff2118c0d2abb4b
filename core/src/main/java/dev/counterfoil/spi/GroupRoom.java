package dev.counterfoil.spi;

import java.util.ArrayList;
import java.util.List;

/** The room that is left in the group of one transaction. Not safe for use by several threads at once. */
final class GroupRoom {
    /** The most requests that go into one transaction. */
    static final int REQUESTS = 1_000;

    /** The most operations that go into one transaction, unless one update has more. */
    private static final int OPERATIONS = 4_000;

    /** The most characters of payloads and texts that go into one transaction, unless one update has more. */
    private static final int TEXT = 2 * 1024 * 1024;

    private int requests;
    private int most = REQUESTS;
    private int operations;
    private long text;

    /** Room for a group that is empty yet. */
    GroupRoom() {}

    /** True where an item found room in the group. */
    boolean takes(Item item) {
        most = Math.min(most, item.together());
        if (requests >= most) {
            return false;
        }
        operations += item.weight().operations();
        text += item.weight().text();
        if (requests > 0 && (operations > OPERATIONS || text > TEXT)) {
            return false;
        }
        requests++;
        return true;
    }

    /** Cuts a list into groups of its order. */
    static List<List<Item>> of(List<Item> list) {
        List<List<Item>> groups = new ArrayList<>();
        for (int from = 0; from < list.size(); ) {
            GroupRoom room = new GroupRoom();
            int to = from;
            while (to < list.size() && room.takes(list.get(to))) {
                to++;
            }
            groups.add(list.subList(from, to));
            from = to;
        }
        return groups;
    }
}

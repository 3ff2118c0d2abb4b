package dev.counterfoil.spi;

import dev.counterfoil.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** A list in groups of its order, none too large for one transaction. */
final class Groups {
    /** The most requests that go into one transaction. */
    static final int REQUESTS = 500;

    /** The most operations that go into one transaction, unless one update has more. */
    private static final int OPERATIONS = 4_000;

    /** The most characters of payloads and texts that go into one transaction, unless one update has more. */
    private static final int TEXT = 2 * 1024 * 1024;

    private Groups() {}

    /**
     * Cuts a list.
     *
     * @param list what to cut
     * @param request the request in it
     * @param together how many may go in a group with it at most
     */
    static <T> List<List<T>> of(List<T> list, Function<T, Request> request, ToIntFunction<T> together) {
        List<List<T>> groups = new ArrayList<>();
        for (int from = 0; from < list.size(); ) {
            int operations = 0;
            long text = 0;
            int to = from;
            int most = REQUESTS;
            while (to < list.size()) {
                most = Math.min(most, together.applyAsInt(list.get(to)));
                if (to - from >= most) {
                    break;
                }
                if (request.apply(list.get(to)) instanceof Request.Posting posting
                        && posting.intent() instanceof Request.Intent.Apply apply) {
                    Update update = apply.update();
                    operations += update.operations().size();
                    text += Weights.textOf(update);
                }
                if (to > from && (operations > OPERATIONS || text > TEXT)) {
                    break;
                }
                to++;
            }
            groups.add(list.subList(from, to));
            from = to;
        }
        return groups;
    }
}

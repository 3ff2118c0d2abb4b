package dev.counterfoil.spi;

import dev.counterfoil.Key;
import dev.counterfoil.Update;
import java.util.ArrayList;
import java.util.List;

/** What requests may share, so that their order counts: cells, keys and references. */
final class Shared {
    private Shared() {}

    /** What others may share of a request: its cells, its key, the key that it reverses, its reference. */
    static List<Object> of(Request request) {
        List<Object> names = new ArrayList<>(request.cells().size() + 1);
        names.addAll(request.cells());
        names.add(request.id());
        if (request instanceof Request.Posting posting && posting.intent() instanceof Request.Intent.Apply apply) {
            Update update = apply.update();
            String reference = update.reference();
            Key reverses = update.reverses();
            if (reference != null) {
                names.add(new ReferenceId(request.namespace(), reference));
            }
            if (reverses != null) {
                names.add(new DecisionId(request.namespace(), reverses));
            }
        }
        return names;
    }
}

package dev.counterfoil.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All claims of those in the queue, each once. Used under the lock of the queue. */
final class Claims {
    private final Map<Object, Claim> byName = new HashMap<>();

    /** For a queue that is empty yet. */
    Claims() {}

    /** Claims what a request needs, until it is released. */
    void take(Queued one) {
        List<Object> names = one.names();
        List<Claim> claims = new ArrayList<>(names.size());
        // First, so that what an error breaks off can be released. What goes deepest into the stack comes before the
        // rest.
        one.claims(claims);
        for (Object name : names) {
            Claim claim = byName.computeIfAbsent(name, Claim::new);
            claims.add(claim);
            claim.use();
        }
    }

    /** Forgets what a request claimed, if it did. */
    void release(Queued one) {
        for (Claim claim : one.claims()) {
            if (claim.free()) {
                byName.remove(claim.name());
            }
        }
        one.claims(List.of());
    }
}

package dev.counterfoil.internal;

import dev.counterfoil.Operation;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Fingerprint;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What counts of an update when it is sent again: everything but its key, metadata, effective time, required versions and
 * retryability. Equal exactly where {@link Fingerprints} encodes alike.
 *
 * @param namespace the namespace
 * @param update the update
 */
record UpdateContent(String namespace, Update update) implements Fingerprint.Content {
    @Override
    public String sha256() {
        return Fingerprints.hash(namespace, update);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UpdateContent that
                && namespace.equals(that.namespace)
                && update.balanced() == that.update.balanced()
                && Objects.equals(update.force(), that.update.force())
                && Objects.equals(update.reference(), that.update.reference())
                && Objects.equals(update.reverses(), that.update.reverses())
                && sameOperations(update.operations(), that.update.operations());
    }

    @Override
    public int hashCode() {
        return sha256().hashCode();
    }

    /** Amounts have their unit's scale and limits have no trailing zeros, so that equal numbers are equal objects. */
    private static boolean sameOperations(List<Operation> some, List<Operation> others) {
        Iterator<Operation> rest = others.iterator();
        for (Operation operation : some) {
            if (counts(operation) && !operation.equals(nextThatCounts(rest))) {
                return false;
            }
        }
        return nextThatCounts(rest) == null;
    }

    private static @Nullable Operation nextThatCounts(Iterator<Operation> rest) {
        while (rest.hasNext()) {
            Operation next = rest.next();
            if (counts(next)) {
                return next;
            }
        }
        return null;
    }

    static boolean counts(Operation operation) {
        return !(operation instanceof Operation.RequireVersion);
    }
}

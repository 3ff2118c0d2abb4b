package dev.counterfoil.spi;

import dev.counterfoil.Operation;
import dev.counterfoil.Update;

/**
 * How much a request carries to the store.
 *
 * @param operations how many operations
 * @param text how many characters of payloads and texts
 */
record Weight(int operations, long text) {
    static Weight of(Request request) {
        return request instanceof Request.Posting posting && posting.intent() instanceof Request.Intent.Apply apply
                ? new Weight(apply.update().operations().size(), textOf(apply.update()))
                : new Weight(0, 0);
    }

    private static long textOf(Update update) {
        String metadata = update.metadata();
        long text = metadata == null ? 0 : metadata.length();
        for (Operation operation : update.operations()) {
            if (operation instanceof Operation.Append append) {
                text += append.payload().length();
            } else if (operation instanceof Operation.CompareAndSet set) {
                text += set.expected().length() + (long) set.next().length();
            } else if (operation instanceof Operation.OpenRegister open) {
                text += open.value().length();
            }
        }
        return text;
    }
}

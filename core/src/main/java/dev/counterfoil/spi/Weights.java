package dev.counterfoil.spi;

import dev.counterfoil.Operation;
import dev.counterfoil.Update;

/** How much text an update carries to the store. */
final class Weights {
    private Weights() {}

    static long textOf(Update update) {
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

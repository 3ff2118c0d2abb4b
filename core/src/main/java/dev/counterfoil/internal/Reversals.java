package dev.counterfoil.internal;

import dev.counterfoil.Operation;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import java.util.ArrayList;
import java.util.List;

/** What reverses an applied update. */
public final class Reversals {
    private Reversals() {}

    /** The opposite increments in reverse order; empty where the update moved no money. */
    public static List<Operation> of(Receipt receipt) {
        List<Operation> opposite = new ArrayList<>();
        for (int i = receipt.entries().size() - 1; i >= 0; i--) {
            if (receipt.entries().get(i) instanceof ReceiptEntry.OfBalance entry
                    && entry.delta().signum() != 0) {
                opposite.add(new Operation.Increment(entry.cell(), entry.delta().negate()));
            }
        }
        return opposite;
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.internal.Amounts;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads amounts as rows have them. */
final class StoredAmounts {
    private StoredAmounts() {}

    /** The amount with this scale, or null where it is none of it. */
    static @Nullable BigDecimal read(@Nullable String text, int scale) {
        if (text == null) {
            return null;
        }
        BigDecimal amount;
        try {
            amount = Amounts.parse("amount", text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (amount.scale() > scale && amount.stripTrailingZeros().scale() > scale) {
            return null;
        }
        BigDecimal scaled = amount.setScale(scale);
        return Amounts.overflows(scaled) ? null : scaled;
    }

    static @Nullable String text(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }
}

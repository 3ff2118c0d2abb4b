package dev.counterfoil.spi;

import dev.counterfoil.ReceiptEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of a decision as it stands, which may be damaged.
 *
 * @param id the surrogate id
 * @param scope the scope of the key
 * @param key the key
 * @param outcome APPLIED, or the reason of the refusal
 * @param reference the business reference that it holds, or null
 * @param reversesScope the scope of the key of the update that it reverses, or null
 * @param reversesKey the key of the update that it reverses, or null
 * @param balanced true where its amounts sum to zero in each unit
 * @param entries the entries that it says it left, none for a refusal; null where it was pruned or cannot be read
 * @param unreadable why its details cannot be read, or null where they can or were pruned
 */
public record DecisionRow(
        long id,
        String scope,
        String key,
        String outcome,
        @Nullable String reference,
        @Nullable String reversesScope,
        @Nullable String reversesKey,
        boolean balanced,
        @Nullable List<ReceiptEntry> entries,
        @Nullable String unreadable) {}

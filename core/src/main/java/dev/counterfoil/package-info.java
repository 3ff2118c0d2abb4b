/**
 * The words of the ledger: ids, operations, updates, outcomes, and {@link dev.counterfoil.Ledger} itself.
 *
 * <p>Start with {@link dev.counterfoil.Ledger}, {@link dev.counterfoil.Update} and {@link dev.counterfoil.Outcome}. Every
 * value here is immutable and safe to share between threads. Null is refused everywhere except where a parameter or a
 * result is marked {@code @Nullable}.
 */
@NullMarked
package dev.counterfoil;

import org.jspecify.annotations.NullMarked;

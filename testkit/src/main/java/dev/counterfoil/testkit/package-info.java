/**
 * The contract that every store passes, written once: extend {@link dev.counterfoil.testkit.LedgerContract}. Random tests
 * print their seed and run again with {@code -Dcounterfoil.seed=…}.
 */
@NullMarked
package dev.counterfoil.testkit;

import org.jspecify.annotations.NullMarked;

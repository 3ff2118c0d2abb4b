/**
 * The contract that every store passes, written once: extend {@link dev.counterfoil.testkit.LedgerContract}. Random tests
 * print their seed and run again with {@code -Dcounterfoil.seed=…}. For the tests of applications there is a network that
 * loses the answer to COMMIT: {@link dev.counterfoil.testkit.FlakyLink}.
 */
@NullMarked
package dev.counterfoil.testkit;

import org.jspecify.annotations.NullMarked;

/** Meters of a ledger in a registry of Micrometer's: {@link dev.counterfoil.micrometer.LedgerMeters}. */
@NullMarked
package dev.counterfoil.micrometer;

import org.jspecify.annotations.NullMarked;

/** A ledger in the memory of this process: for tests, simulations and caches; it survives nothing. */
@NullMarked
package dev.counterfoil.memory;

import org.jspecify.annotations.NullMarked;

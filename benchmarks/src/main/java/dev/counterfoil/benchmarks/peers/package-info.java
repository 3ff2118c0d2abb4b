/** What a good engineer writes by hand, and the ledger beside it. */
@NullMarked
package dev.counterfoil.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

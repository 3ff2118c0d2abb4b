/** The races of the queue that callers of a ledger share, beside it because it is not public. */
@NullMarked
package dev.counterfoil.spi;

import org.jspecify.annotations.NullMarked;

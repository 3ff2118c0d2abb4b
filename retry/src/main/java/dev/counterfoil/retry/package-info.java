/** Retry with back-off and jitter that is safe around money. */
@NullMarked
package dev.counterfoil.retry;

import org.jspecify.annotations.NullMarked;

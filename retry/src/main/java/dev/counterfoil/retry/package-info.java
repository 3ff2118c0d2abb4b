/**
 * Retry with back-off and jitter that is safe around money. Start at {@link dev.counterfoil.retry.Retry} and
 * {@link dev.counterfoil.retry.RetryPolicy}.
 */
@NullMarked
package dev.counterfoil.retry;

import org.jspecify.annotations.NullMarked;

/** What a retry costs, beside five peers and a loop by hand that are configured alike. */
@NullMarked
package dev.counterfoil.benchmarks.retry;

import org.jspecify.annotations.NullMarked;

/** The load driver: callers that wait for their answers, what they measure, and the check of the books. */
@NullMarked
package dev.counterfoil.benchmarks.load;

import org.jspecify.annotations.NullMarked;

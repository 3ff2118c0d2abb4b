/** What the library costs, beside peers that do the same work in the same run. */
@NullMarked
package dev.counterfoil.benchmarks;

import org.jspecify.annotations.NullMarked;

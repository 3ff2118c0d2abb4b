/** How long a verification takes, and what it needs of memory. */
@NullMarked
package dev.counterfoil.benchmarks.verify;

import org.jspecify.annotations.NullMarked;

/** Databases of a run, durable as those that keep money. */
@NullMarked
package dev.counterfoil.benchmarks.servers;

import org.jspecify.annotations.NullMarked;

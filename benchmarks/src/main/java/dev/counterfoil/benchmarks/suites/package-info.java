/** The measurements, each one subject beside its peers in turn. */
@NullMarked
package dev.counterfoil.benchmarks.suites;

import org.jspecify.annotations.NullMarked;

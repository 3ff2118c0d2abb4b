/** What the examples run on: callers released together, plain tables to lose money in, checks, and the report. */
@NullMarked
package dev.counterfoil.examples.harness;

import org.jspecify.annotations.NullMarked;

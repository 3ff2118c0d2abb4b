/** What was measured: a table, a file for programs, a page for people. */
@NullMarked
package dev.counterfoil.benchmarks.report;

import org.jspecify.annotations.NullMarked;

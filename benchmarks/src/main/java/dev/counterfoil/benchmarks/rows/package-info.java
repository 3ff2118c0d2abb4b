/** What the shape of the rows costs on PostgreSQL: keys, free room in pages, indexes. */
@NullMarked
package dev.counterfoil.benchmarks.rows;

import org.jspecify.annotations.NullMarked;

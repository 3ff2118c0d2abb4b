/** Ledgers in your own database: {@link dev.counterfoil.jdbc.JdbcLedger}. */
@NullMarked
package dev.counterfoil.jdbc;

import org.jspecify.annotations.NullMarked;

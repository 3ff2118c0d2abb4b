/**
 * The port: what a storage adapter implements ({@link dev.counterfoil.spi.LedgerStore}) and what it is given to do so
 * ({@link dev.counterfoil.spi.GroupEvaluation}). Applications do not need this package.
 */
@NullMarked
package dev.counterfoil.spi;

import org.jspecify.annotations.NullMarked;

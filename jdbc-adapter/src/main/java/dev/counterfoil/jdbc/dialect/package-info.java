/**
 * What differs between databases, and how to add one. A {@link dev.counterfoil.jdbc.dialect.Dialect} holds SQL text and facts;
 * the classes here are open: the dialect of a database that is like one of them extends it, says its
 * {@link dev.counterfoil.jdbc.dialect.Dialect#product() product} and what its failures
 * {@link dev.counterfoil.jdbc.dialect.Dialect#trouble mean}, and is handed to the builder of the ledger.
 */
@org.jspecify.annotations.NullMarked
package dev.counterfoil.jdbc.dialect;

/** What differs between databases: SQL text, how a transaction begins and ends, and what error codes mean. */
@NullMarked
package dev.counterfoil.jdbc.dialect;

import org.jspecify.annotations.NullMarked;

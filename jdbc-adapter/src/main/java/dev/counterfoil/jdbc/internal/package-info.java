/** The store over JDBC; not part of the API. */
@NullMarked
package dev.counterfoil.jdbc.internal;

import org.jspecify.annotations.NullMarked;

/** Rules shared by the floors; not part of the API. */
@NullMarked
package dev.counterfoil.internal;

import org.jspecify.annotations.NullMarked;

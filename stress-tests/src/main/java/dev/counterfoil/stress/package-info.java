/**
 * Races that jcstress plays millions of times. Each outer class states one hazard; in it {@code Actual} is the library, where
 * the hazard is forbidden, and {@code Broken} a model without what guards against it, graded alike, where it must be seen.
 */
@NullMarked
package dev.counterfoil.stress;

import org.jspecify.annotations.NullMarked;

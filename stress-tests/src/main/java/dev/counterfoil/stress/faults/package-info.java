/** Runs in which processes are killed while others go on; what they leave is checked. */
@NullMarked
package dev.counterfoil.stress.faults;

import org.jspecify.annotations.NullMarked;

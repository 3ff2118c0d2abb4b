/** Races that cost money in real applications, each ended by the library; made to be copied from. */
@NullMarked
package dev.counterfoil.examples;

import org.jspecify.annotations.NullMarked;

package dev.counterfoil.examples.harness;

import dev.counterfoil.testkit.FlakyLink;

/**
 * A store behind a link that can be cut.
 *
 * @param store reached through the link, for everything
 * @param link without faults yet; it is closed at the end
 */
public record Linked(Store store, FlakyLink link) {}

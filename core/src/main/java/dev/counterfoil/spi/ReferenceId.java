package dev.counterfoil.spi;

/**
 * The identity of a business reference in a store.
 *
 * @param namespace the namespace
 * @param reference the reference
 */
public record ReferenceId(String namespace, String reference) {}

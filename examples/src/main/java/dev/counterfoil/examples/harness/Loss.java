package dev.counterfoil.examples.harness;

/**
 * How the lossy way ended.
 *
 * @param lost true where money or data was lost or doubled
 * @param summary what was lost, in counts, for people
 */
public record Loss(boolean lost, String summary) {}

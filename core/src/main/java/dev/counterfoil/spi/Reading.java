package dev.counterfoil.spi;

import java.time.Instant;

/**
 * What a store read, and when.
 *
 * @param value what was read, in one consistent view
 * @param asOf the moment, by the store's clock
 * @param <T> the type of the value
 */
public record Reading<T>(T value, Instant asOf) {}

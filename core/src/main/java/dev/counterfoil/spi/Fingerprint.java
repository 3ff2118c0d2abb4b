package dev.counterfoil.spi;

/**
 * What makes the repeat of an update the same: a hash of its content.
 *
 * @param version the version of the encoding that was hashed; fingerprints are compared under the stored one's version
 * @param sha256 the SHA-256 as 64 lower-case hexadecimal digits
 */
public record Fingerprint(int version, String sha256) {}

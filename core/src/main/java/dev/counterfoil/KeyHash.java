package dev.counterfoil;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names keys in the log without telling them: the first 16 hex digits of their HMAC-SHA-256 under a secret. The same key has the
 * same hash wherever the secret is the same, and who has the secret can compute it from the key: by {@link #of}, or, for a key
 * of the empty scope and a secret that is text, by {@code printf %s "$key" | openssl dgst -sha256 -hmac "$secret"}. What is hashed
 * is the key's value in UTF-8; in front of it, where the scope is not empty, the scope and a line feed.
 *
 * <p>Safe for use by many threads.
 */
public final class KeyHash {
    private static final int LEAST = 16;
    private static final int DIGITS = 16;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    private KeyHash(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** Hashes under a secret of your own: 16 bytes or more, the same in all processes whose logs are read together. */
    public static KeyHash withSecret(byte[] secret) {
        if (secret.length < LEAST) {
            throw new IllegalArgumentException("secret: must have " + LEAST + " bytes or more, has " + secret.length);
        }
        return new KeyHash(secret);
    }

    /** Hashes under a secret that this process has drawn and tells nobody: the default. */
    public static KeyHash ofThisProcess() {
        return Drawn.HASH;
    }

    /** The hash of a key: 16 hex digits. */
    public String of(Key key) {
        String text = key.scope().isEmpty() ? key.value() : key.scope() + '\n' + key.value();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGITS / 2);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "KeyHash";
    }

    /** Drawn when it is asked for the first time. */
    private static final class Drawn {
        private static final KeyHash HASH = new KeyHash(draw());

        private static byte[] draw() {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            return secret;
        }
    }
}

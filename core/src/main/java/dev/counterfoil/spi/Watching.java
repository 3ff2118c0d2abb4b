package dev.counterfoil.spi;

import dev.counterfoil.KeyHash;
import dev.counterfoil.LedgerListener;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who is told what happens, and how much the log may say.
 *
 * @param listener who is told, or null for nobody
 * @param keyHash what stands for a key in the log
 * @param logInClear true where log lines of failures hold keys, amounts and payloads as well
 */
public record Watching(@Nullable LedgerListener listener, KeyHash keyHash, boolean logInClear) {
    /** Nobody is told, and the log keeps keys, amounts and payloads to itself. */
    static final Watching DEFAULT = new Watching(null, KeyHash.ofThisProcess(), false);

    /** Checks for null. */
    public Watching {
        Objects.requireNonNull(keyHash, "keyHash");
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.internal.Texts;
import java.time.Duration;
import java.util.Objects;

/**
 * What every ledger can be told.
 *
 * @param namespace scopes accounts, keys and references: empty for the default one, else 1 to 64 bytes in UTF-8
 * @param timeout how long a call may take: above zero, at most a day; 10 seconds by default
 * @param groupCommit true where callers that wait at the same time share commits, as they do by default
 */
public record LedgerSettings(String namespace, Duration timeout, boolean groupCommit) {
    private static final LedgerSettings DEFAULTS = new LedgerSettings("", Duration.ofSeconds(10), true);

    /** Checks them. */
    public LedgerSettings {
        Texts.prefix("namespace", namespace, 64);
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("timeout " + timeout + ": must be above zero and at most a day");
        }
    }

    /** The default namespace, 10 seconds, shared commits. */
    public static LedgerSettings defaults() {
        return DEFAULTS;
    }

    /** The same with another namespace. */
    public LedgerSettings withNamespace(String namespace) {
        return new LedgerSettings(namespace, timeout, groupCommit);
    }

    /** The same with another time-out. */
    public LedgerSettings withTimeout(Duration timeout) {
        return new LedgerSettings(namespace, timeout, groupCommit);
    }

    /** The same with shared commits or without. */
    public LedgerSettings withGroupCommit(boolean groupCommit) {
        return new LedgerSettings(namespace, timeout, groupCommit);
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.KeyHash;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.internal.Texts;
import java.time.Duration;
import java.util.Objects;

/**
 * What every ledger can be told.
 *
 * @param namespace scopes accounts, keys and references: empty for the default one, else 1 to 64 bytes in UTF-8
 * @param timeout how long a call may take: above zero, at most a day; 10 seconds by default
 * @param groupCommit true where callers that wait at the same time share commits, as they do by default
 * @param watching who is told what happens, and how much the log may say: by default nobody, and neither keys nor amounts
 */
public record LedgerSettings(String namespace, Duration timeout, boolean groupCommit, Watching watching) {
    private static final LedgerSettings DEFAULTS =
            new LedgerSettings("", Duration.ofSeconds(10), true, Watching.DEFAULT);

    /** Checks them. */
    public LedgerSettings {
        Texts.prefix("namespace", namespace, 64);
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("timeout " + timeout + ": must be above zero and at most a day");
        }
        Objects.requireNonNull(watching, "watching");
    }

    /** The default namespace, 10 seconds, shared commits. */
    public static LedgerSettings defaults() {
        return DEFAULTS;
    }

    /** The same with another namespace. */
    public LedgerSettings withNamespace(String namespace) {
        return new LedgerSettings(namespace, timeout, groupCommit, watching);
    }

    /** The same with another time-out. */
    public LedgerSettings withTimeout(Duration timeout) {
        return new LedgerSettings(namespace, timeout, groupCommit, watching);
    }

    /** The same with shared commits or without. */
    public LedgerSettings withGroupCommit(boolean groupCommit) {
        return new LedgerSettings(namespace, timeout, groupCommit, watching);
    }

    /** The same with a listener; one that was there is told nothing more. */
    public LedgerSettings withListener(LedgerListener listener) {
        Objects.requireNonNull(listener, "listener");
        return with(new Watching(listener, watching.keyHash(), watching.logInClear()));
    }

    /** The same with another hash of keys in the log. */
    public LedgerSettings withKeyHash(KeyHash keyHash) {
        return with(new Watching(watching.listener(), keyHash, watching.logInClear()));
    }

    /** The same with keys, amounts and payloads in the log, or without. */
    public LedgerSettings withLogInClear(boolean logInClear) {
        return with(new Watching(watching.listener(), watching.keyHash(), logInClear));
    }

    private LedgerSettings with(Watching watching) {
        return new LedgerSettings(namespace, timeout, groupCommit, watching);
    }
}

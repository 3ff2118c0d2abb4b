package dev.counterfoil;

import dev.counterfoil.internal.Texts;
import java.util.Objects;

/**
 * The name of a journal: records that are only ever appended.
 *
 * @param account the account that it is part of
 * @param name its name within the account: 1 to 64 bytes in UTF-8, no control characters
 */
public record JournalId(AccountId account, String name) implements CellId {
    /** Checks the parts. */
    public JournalId {
        Objects.requireNonNull(account, "account");
        Texts.name("cell name", name, 64);
    }

    @Override
    public CellKind kind() {
        return CellKind.JOURNAL;
    }

    @Override
    public String toString() {
        return account + ":" + name;
    }
}

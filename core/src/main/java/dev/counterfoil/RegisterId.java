package dev.counterfoil;

import dev.counterfoil.internal.Texts;
import java.util.Objects;

/**
 * The name of a register: a text that is compared and set.
 *
 * @param account the account that it is part of
 * @param name its name within the account: 1 to 64 bytes in UTF-8, no control characters
 */
public record RegisterId(AccountId account, String name) implements CellId {
    /** Checks the parts. */
    public RegisterId {
        Objects.requireNonNull(account, "account");
        Texts.name("cell name", name, 64);
    }

    @Override
    public CellKind kind() {
        return CellKind.REGISTER;
    }

    @Override
    public String toString() {
        return account + ":" + name;
    }
}

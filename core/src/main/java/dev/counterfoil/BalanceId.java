package dev.counterfoil;

import dev.counterfoil.internal.Texts;
import java.util.Objects;

/**
 * The name of a balance: an exact number in a unit.
 *
 * @param account the account that it is part of
 * @param name its name within the account: 1 to 64 bytes in UTF-8, no control characters
 * @param unit what it counts
 */
public record BalanceId(AccountId account, String name, Unit unit) implements CellId {
    /** Checks the parts. */
    public BalanceId {
        Objects.requireNonNull(account, "account");
        Texts.name("cell name", name, 64);
        Objects.requireNonNull(unit, "unit");
    }

    @Override
    public CellKind kind() {
        return CellKind.BALANCE;
    }

    @Override
    public String toString() {
        return account + ":" + name;
    }
}

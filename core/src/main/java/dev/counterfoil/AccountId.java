package dev.counterfoil;

import dev.counterfoil.internal.Texts;

/**
 * The name of an account: an entity that has money or state.
 *
 * @param kind what it is ("retainer"): 1 to 64 bytes in UTF-8, no control characters, no {@code /}
 * @param id which one it is ("42"): 1 to 255 bytes in UTF-8, no control characters
 */
public record AccountId(String kind, String id) {
    /** Checks both parts. */
    public AccountId {
        Texts.accountKind(kind);
        Texts.name("account id", id, 255);
    }

    /** The account of this kind and id. */
    public static AccountId of(String kind, String id) {
        return new AccountId(kind, id);
    }

    /** A balance of this account, counted in {@code unit}. */
    public BalanceId balance(String name, Unit unit) {
        return new BalanceId(this, name, unit);
    }

    /** A register of this account. */
    public RegisterId register(String name) {
        return new RegisterId(this, name);
    }

    /** A journal of this account. */
    public JournalId journal(String name) {
        return new JournalId(this, name);
    }

    @Override
    public String toString() {
        return kind + "/" + id;
    }
}

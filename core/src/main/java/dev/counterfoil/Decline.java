package dev.counterfoil;

import dev.counterfoil.internal.Texts;

/**
 * The "no" of a {@link DecideFunction}, kept under the key like any refusal.
 *
 * @param code for programs ("TOO_MUCH"): 1 to 64 bytes in UTF-8
 * @param message for people: at most 64 KiB in UTF-8; kept in the database
 */
public record Decline(String code, String message) implements Proposal {
    /** Checks both texts. */
    public Decline {
        Texts.name("decline code", code, 64);
        Texts.value("decline message", message);
    }
}

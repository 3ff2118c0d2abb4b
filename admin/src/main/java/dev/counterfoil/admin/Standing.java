package dev.counterfoil.admin;

import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import org.jspecify.annotations.Nullable;

/**
 * What a row says of a cell, which may be damaged.
 *
 * @param amount of a balance
 * @param value of a register
 * @param records of a journal
 * @param version of all
 */
record Standing(
        @Nullable String amount,
        @Nullable String value,
        @Nullable String records,
        @Nullable String version) {
    /** In a sentence, with a blank behind it. */
    static String of(Standing standing, CellId id) {
        String stands = id instanceof BalanceId balance
                ? Plain.orDash(standing.amount) + " "
                        + Plain.text(balance.unit().code())
                : standing.value != null ? "'" + Plain.text(standing.value) + "'" : standing.records + " records";
        return "The " + id.kind() + " " + Plain.text(id.name()) + " of account "
                + Plain.text(id.account().toString()) + " stands at " + stands + ", version "
                + Plain.orDash(standing.version) + ". ";
    }
}

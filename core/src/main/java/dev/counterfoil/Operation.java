package dev.counterfoil;

import dev.counterfoil.internal.Amounts;
import dev.counterfoil.internal.Texts;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * One step of an update; it addresses one cell. Operations are made through {@link Update.Builder}, and each checks its own
 * rules when it is made. Those whose name begins with "Require" are checks: they change nothing and leave no entry.
 */
public sealed interface Operation {
    /** The cell that it addresses. */
    CellId cell();

    /**
     * Makes a balance.
     *
     * @param cell the balance
     * @param first its first amount, within the limits
     * @param limits its limits
     * @param ifAbsent true where one of the same unit that is there already will do
     */
    record OpenBalance(BalanceId cell, BigDecimal first, Limits limits, boolean ifAbsent) implements Operation {
        /** Checks the amount against unit and limits. */
        public OpenBalance {
            Objects.requireNonNull(cell, "balance");
            first = Amounts.in(cell.unit(), "first amount", first);
            Objects.requireNonNull(limits, "limits").in(cell.unit());
            if (!limits.contain(first)) {
                throw new IllegalArgumentException(
                        "first amount of " + cell + ": must be within the limits given with it");
            }
        }
    }

    /**
     * Makes a register.
     *
     * @param cell the register
     * @param value its first text: at most 64 KiB in UTF-8
     * @param ifAbsent true where one that is there already will do, whatever its text
     */
    record OpenRegister(RegisterId cell, String value, boolean ifAbsent) implements Operation {
        /** Checks the text. */
        public OpenRegister {
            Objects.requireNonNull(cell, "register");
            Texts.value("register value", value);
        }
    }

    /**
     * Makes a journal.
     *
     * @param cell the journal
     * @param ifAbsent true where one that is there already will do
     */
    record OpenJournal(JournalId cell, boolean ifAbsent) implements Operation {
        /** Checks for null. */
        public OpenJournal {
            Objects.requireNonNull(cell, "journal");
        }
    }

    /**
     * Adds to a balance, or takes from it.
     *
     * @param cell the balance
     * @param amount signed, not zero
     */
    record Increment(BalanceId cell, BigDecimal amount) implements Operation {
        /** Checks the amount against the unit. */
        public Increment {
            Objects.requireNonNull(cell, "balance");
            amount = Amounts.in(cell.unit(), "amount", amount);
            if (amount.signum() == 0) {
                throw new IllegalArgumentException("amount: must not be zero");
            }
        }
    }

    /**
     * Sets a register that has the expected text.
     *
     * @param cell the register
     * @param expected the text that must be there
     * @param next another text: at most 64 KiB in UTF-8
     */
    record CompareAndSet(RegisterId cell, String expected, String next) implements Operation {
        /** Checks both texts, which must differ. */
        public CompareAndSet {
            Objects.requireNonNull(cell, "register");
            Texts.value("expected value", expected);
            Texts.value("next value", next);
            if (expected.equals(next)) {
                throw new IllegalArgumentException(
                        "next value: must differ from the expected one; to check only, use requireValue");
            }
        }
    }

    /**
     * Adds one record to a journal; equal records stay apart.
     *
     * @param cell the journal
     * @param payload the record: at most 64 KiB in UTF-8
     */
    record Append(JournalId cell, String payload) implements Operation {
        /** Checks the payload. */
        public Append {
            Objects.requireNonNull(cell, "journal");
            Texts.value("payload", payload);
        }
    }

    /**
     * Gives a balance other limits; the amount may lie outside them.
     *
     * @param cell the balance
     * @param limits the limits
     */
    record SetLimits(BalanceId cell, Limits limits) implements Operation {
        /** Checks the limits against the unit. */
        public SetLimits {
            Objects.requireNonNull(cell, "balance");
            Objects.requireNonNull(limits, "limits").in(cell.unit());
        }
    }

    /**
     * Closes a cell; a balance must be zero.
     *
     * @param cell the cell
     */
    record Close(CellId cell) implements Operation {
        /** Checks for null. */
        public Close {
            Objects.requireNonNull(cell, "cell");
        }
    }

    /**
     * Opens a closed cell again; its versions go on.
     *
     * @param cell the cell
     */
    record Reopen(CellId cell) implements Operation {
        /** Checks for null. */
        public Reopen {
            Objects.requireNonNull(cell, "cell");
        }
    }

    /**
     * Asks that a balance is not below an amount.
     *
     * @param cell the balance
     * @param amount the least
     */
    record RequireAtLeast(BalanceId cell, BigDecimal amount) implements Operation {
        /** Checks the amount against the unit. */
        public RequireAtLeast {
            Objects.requireNonNull(cell, "balance");
            amount = Amounts.in(cell.unit(), "required amount", amount);
        }
    }

    /**
     * Asks that a balance is not above an amount.
     *
     * @param cell the balance
     * @param amount the most
     */
    record RequireAtMost(BalanceId cell, BigDecimal amount) implements Operation {
        /** Checks the amount against the unit. */
        public RequireAtMost {
            Objects.requireNonNull(cell, "balance");
            amount = Amounts.in(cell.unit(), "required amount", amount);
        }
    }

    /**
     * Asks that a register has a text.
     *
     * @param cell the register
     * @param value the text
     */
    record RequireValue(RegisterId cell, String value) implements Operation {
        /** Checks the text. */
        public RequireValue {
            Objects.requireNonNull(cell, "register");
            Texts.value("required value", value);
        }
    }

    /**
     * Asks that a cell has a version. A difference is staleness, not a decision: it is never kept under the key.
     *
     * @param cell the cell
     * @param version from 1 on
     */
    record RequireVersion(CellId cell, long version) implements Operation {
        /** Checks the range. */
        public RequireVersion {
            Objects.requireNonNull(cell, "cell");
            if (version < 1) {
                throw new IllegalArgumentException("required version " + version + ": must be 1 or more");
            }
        }
    }

    /**
     * Asks that a cell is there and not closed.
     *
     * @param cell the cell
     */
    record RequireOpen(CellId cell) implements Operation {
        /** Checks for null. */
        public RequireOpen {
            Objects.requireNonNull(cell, "cell");
        }
    }
}

package dev.counterfoil;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** Cells as they stood at one moment: one consistent view. */
public interface Cells {
    /**
     * The balance, or empty where none is there.
     *
     * @throws java.util.NoSuchElementException if there is a cell of another kind or unit under the name
     */
    Optional<Balance> find(BalanceId cell);

    /**
     * The register, or empty where none is there.
     *
     * @throws java.util.NoSuchElementException if there is a cell of another kind under the name
     */
    Optional<Register> find(RegisterId cell);

    /**
     * The journal, or empty where none is there.
     *
     * @throws java.util.NoSuchElementException if there is a cell of another kind under the name
     */
    Optional<Journal> find(JournalId cell);

    /**
     * The amount of a balance, with its unit's scale.
     *
     * @throws java.util.NoSuchElementException if the balance is not there
     */
    BigDecimal balance(BalanceId cell);

    /**
     * The text of a register.
     *
     * @throws java.util.NoSuchElementException if the register is not there
     */
    String register(RegisterId cell);

    /**
     * How many records a journal has.
     *
     * @throws java.util.NoSuchElementException if the journal is not there
     */
    long count(JournalId cell);

    /** The moment, by the store's clock. */
    Instant asOf();
}

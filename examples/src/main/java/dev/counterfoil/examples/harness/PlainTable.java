package dev.counterfoil.examples.harness;

import java.math.BigDecimal;
import java.util.List;

/**
 * How money is kept without the library: rows that are read and written one statement at a time, each committed for itself.
 * Safe for use by many threads in the way a database is: no statement breaks, and nothing protects what lies between two.
 */
public interface PlainTable {
    /** The text of a row, which must be there. */
    String read(String row);

    /** Writes a row. */
    void write(String row, String text);

    /** Adds a record to a list. */
    void append(String list, String content);

    /** Adds records to a list in one transaction: all, or none. */
    void appendTogether(String list, List<String> contents);

    /** How many records a list has. */
    int count(String list);

    /** The amount in a row. */
    default BigDecimal amount(String row) {
        return new BigDecimal(read(row));
    }

    /** Writes an amount. */
    default void write(String row, BigDecimal amount) {
        write(row, amount.toPlainString());
    }
}

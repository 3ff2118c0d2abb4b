package dev.counterfoil;

import java.util.List;

/** A cell cannot be corrected, and was not: its entries are damaged themselves or may be, or it is what they say already. */
public final class NotCorrectableException extends LedgerException {
    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    /** What is wrong with the cell; empty where nothing is. */
    public NotCorrectableException(String message, List<Finding> findings) {
        super(Fate.NOT_APPLIED, message, null);
        this.findings = List.copyOf(findings);
    }

    /** What is wrong with the cell; empty where nothing is. */
    public List<Finding> findings() {
        return findings;
    }
}

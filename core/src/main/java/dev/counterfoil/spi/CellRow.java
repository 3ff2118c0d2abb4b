package dev.counterfoil.spi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of a cell as it stands, which may be damaged: texts as the columns have them, amounts as plain decimal text where they
 * are numbers.
 *
 * @param id the surrogate id
 * @param accountKind the kind of account
 * @param accountId the account's id
 * @param name the cell's name
 * @param kind BALANCE, REGISTER or JOURNAL
 * @param unit what a balance counts
 * @param scale the digits behind the point of a balance, or null
 * @param state what changes
 * @param version the sequence of its last entry
 * @param lastScope the scope of the key of its last update
 * @param lastKey the key of its last update
 * @param lastAt when that was recorded; null where it cannot be read
 * @param checkpoint how far it was verified, or null where it was not, or was not asked for
 */
public record CellRow(
        long id,
        String accountKind,
        String accountId,
        String name,
        String kind,
        @Nullable String unit,
        @Nullable Integer scale,
        CellState state,
        long version,
        String lastScope,
        String lastKey,
        @Nullable Instant lastAt,
        @Nullable Checkpoint checkpoint) {
    /** What of a cell is the fold of its entries; the fields of other kinds of cell are null. */
    public record CellState(
            @Nullable String amount,
            @Nullable String minimum,
            @Nullable String maximum,
            @Nullable String value,
            @Nullable Long records,
            boolean closed) {}

    /**
     * How far the entries of a cell were verified.
     *
     * @param cellId the cell
     * @param version the sequence of the last entry that was
     * @param state the fold of the entries up to there
     */
    public record Checkpoint(long cellId, long version, CellState state) {}

    /** The same with another version and checkpoint. */
    public CellRow with(long otherVersion, @Nullable Checkpoint otherCheckpoint) {
        return new CellRow(
                id,
                accountKind,
                accountId,
                name,
                kind,
                unit,
                scale,
                state,
                otherVersion,
                lastScope,
                lastKey,
                lastAt,
                otherCheckpoint);
    }

    /** What comes behind a row: kind and id of its account, and its name. */
    public List<String> address() {
        return List.of(accountKind, accountId, name);
    }
}

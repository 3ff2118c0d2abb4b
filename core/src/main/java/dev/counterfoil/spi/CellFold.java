package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellKind;
import dev.counterfoil.EntryType;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.Key;
import dev.counterfoil.Unit;
import dev.counterfoil.internal.Texts;
import dev.counterfoil.spi.CellRow.CellState;
import dev.counterfoil.spi.CellRow.Checkpoint;
import dev.counterfoil.spi.ContentFold.Before;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a cell must be by its entries, taken one by one in order, and what is wrong with either. Pure: rows go in, findings come
 * out. Used by one thread at a time.
 */
final class CellFold {
    private final @Nullable AccountId account;
    private final String name;
    private final @Nullable CellKind kind;

    /** Null where the kind of the cell cannot be read. */
    private final @Nullable ContentFold content;

    /** True where the content has not taken the last entry, because nobody knows what that did. */
    private boolean contentBehind;

    private long sequence;
    private boolean closed;
    private boolean closedKnown = true;

    /** The scope and the key of the last entry, where they are known. */
    private @Nullable String lastScope;

    private @Nullable String lastKey;

    /** When the last entry was recorded, where that is known. */
    private @Nullable Instant lastAt;

    private CellFold(CellRow cell, @Nullable CellKind kind, @Nullable ContentFold content) {
        this.account = account(cell);
        this.name = cell.name();
        this.kind = kind;
        this.content = content;
    }

    private CellFold(CellFold from) {
        this.account = from.account;
        this.name = from.name;
        this.kind = from.kind;
        this.content = from.content == null ? null : from.content.copy();
        this.contentBehind = from.contentBehind;
        this.sequence = from.sequence;
        this.closed = from.closed;
        this.closedKnown = from.closedKnown;
        this.lastScope = from.lastScope;
        this.lastKey = from.lastKey;
        this.lastAt = from.lastAt;
    }

    /** The fold of no entries. */
    static CellFold of(CellRow cell) {
        CellKind kind = kind(cell);
        if (kind == null) {
            return new CellFold(cell, null, null);
        }
        return new CellFold(
                cell,
                kind,
                switch (kind) {
                    case BALANCE -> new BalanceFold(scale(cell));
                    case REGISTER -> new RegisterFold(null, null);
                    case JOURNAL -> new JournalFold(0L, 0L);
                });
    }

    /** The fold of the entries up to a checkpoint; that of none where the checkpoint cannot be of this cell. */
    static CellFold of(CellRow cell, Checkpoint from) {
        CellKind kind = kind(cell);
        CellState state = from.state();
        if (kind == null || from.version() > cell.version() || from.version() < 1) {
            return of(cell);
        }
        ContentFold content;
        try {
            content = switch (kind) {
                case BALANCE -> new BalanceFold(scale(cell), state);
                case REGISTER ->
                    new RegisterFold(Objects.requireNonNull(state.value()), Objects.requireNonNull(state.value()));
                case JOURNAL ->
                    new JournalFold(Objects.requireNonNull(state.records()), Objects.requireNonNull(state.records()));
            };
        } catch (IllegalArgumentException | NullPointerException e) {
            return of(cell);
        }
        CellFold fold = new CellFold(cell, kind, content);
        fold.sequence = from.version();
        fold.closed = state.closed();
        return fold;
    }

    /** One that goes on from here by itself. */
    CellFold copy() {
        return new CellFold(this);
    }

    /** The sequence of the last entry; 0 before the first. */
    long sequence() {
        return sequence;
    }

    /** When the last entry was recorded; null where that is not known. */
    @Nullable
    Instant lastAt() {
        return lastAt;
    }

    /** What the entries make of the cell; null where that cannot be known. */
    @Nullable
    CellState state() {
        return content == null || contentBehind || !closedKnown || sequence == 0 ? null : content.state(closed);
    }

    /** Takes the next entry. */
    void take(EntryRow entry, Consumer<Finding> found) {
        if (entry.sequence() == sequence) {
            found.accept(finding(FindingType.SEQUENCE_REPEATED, entry, null, null));
            return;
        }
        Before before = entry.sequence() == sequence + 1 ? Before.NOTHING : Before.A_GAP;
        if (before == Before.A_GAP) {
            found.accept(gap(sequence + 1, entry.sequence() - 1));
            closedKnown = false;
        }
        sequence = entry.sequence();
        lastScope = entry.scope();
        lastKey = entry.key();
        lastAt = entry.recordedAt();
        EntryFaults faults = new EntryFaults(entry, found);
        EntryType type = type(entry, faults);
        if (type == null || content == null) {
            contentBehind = true;
            closedKnown = false;
            return;
        }
        step(type, faults);
        content.take(entry, type, contentBehind ? Before.A_GAP : before, faults);
        contentBehind = false;
    }

    private @Nullable EntryType type(EntryRow entry, EntryFaults faults) {
        if (entry.scope() != null && key(entry.scope(), entry.key()) == null) {
            faults.row("a key that is none");
        }
        EntryType type;
        try {
            type = EntryType.valueOf(entry.type());
        } catch (IllegalArgumentException e) {
            faults.row("type " + entry.type());
            return null;
        }
        if (kind != null && !belongs(type, kind)) {
            faults.row("type " + type + " in a " + kind);
            return null;
        }
        return type;
    }

    private static boolean belongs(EntryType type, CellKind kind) {
        return switch (type) {
            case OPEN, CLOSE, REOPEN, RESTORE -> true;
            case INCREMENT, SET_LIMITS -> kind == CellKind.BALANCE;
            case COMPARE_AND_SET -> kind == CellKind.REGISTER;
            case APPEND -> kind == CellKind.JOURNAL;
            case ACCEPT -> kind != CellKind.JOURNAL;
        };
    }

    private void step(EntryType type, EntryFaults faults) {
        if ((type == EntryType.OPEN) != (sequence == 1)) {
            faults.row(type == EntryType.OPEN ? "opened again" : "not opened first");
        }
        if (type == EntryType.RESTORE || type == EntryType.ACCEPT) {
            return;
        }
        if (closedKnown && closed != (type == EntryType.REOPEN)) {
            faults.row(closed ? "an entry of a closed cell" : "reopened while it was open");
        }
        closed = type == EntryType.CLOSE;
        closedKnown = true;
    }

    /** Tells what is wrong with the row of the cell, when all entries up to its version were taken, or all there are. */
    void end(CellRow cell, Consumer<Finding> found) {
        String bad = badRow(cell);
        if (bad != null) {
            found.accept(ofCell(FindingType.BAD_ROW, null, bad));
        }
        Checkpoint checkpoint = cell.checkpoint();
        long least = Math.max(cell.version(), checkpoint == null ? 0 : checkpoint.version());
        if (sequence < least) {
            found.accept(gap(sequence + 1, least));
        } else {
            Differences differences = differences(cell);
            if (!differences.unreadable().isEmpty()) {
                found.accept(ofCell(FindingType.BAD_AMOUNT, null, String.join(", ", differences.unreadable())));
            }
            if (!differences.isEmpty()) {
                found.accept(ofCell(FindingType.CELL_DIFFERS, differences.expected(), differences.observed()));
            }
        }
    }

    /** In what the row of the cell is not what the entries say. */
    Differences differences(CellRow cell) {
        Differences differences = new Differences();
        if (content != null && !contentBehind) {
            content.compare(cell.state(), differences);
        }
        if (closedKnown) {
            differences.look("closed", closed, cell.state().closed());
        }
        differences.look("version", sequence, cell.version());
        if (lastKey != null && lastScope != null) {
            differences.look("last update", lastScope + "|" + lastKey, cell.lastScope() + "|" + cell.lastKey());
        }
        if (lastAt != null) {
            differences.look("last time", lastAt, cell.lastAt());
        }
        return differences;
    }

    private static @Nullable String badRow(CellRow cell) {
        if (account(cell) == null || !isName(cell.name())) {
            return "a name";
        }
        CellKind kind = kind(cell);
        if (kind == null) {
            return "kind " + cell.kind();
        }
        if (kind == CellKind.BALANCE ? unit(cell) == null : cell.unit() != null || cell.scale() != null) {
            return "a unit";
        }
        return cell.version() < 1
                ? "version " + cell.version()
                : key(cell.lastScope(), cell.lastKey()) == null ? "a key" : null;
    }

    /** Something that is wrong with an entry of this cell. */
    Finding finding(FindingType type, EntryRow entry, @Nullable String expected, @Nullable String observed) {
        return new Finding(type, account, name, entry.sequence(), key(entry.scope(), entry.key()), expected, observed);
    }

    /** Something that is wrong with the row of this cell. */
    Finding ofCell(FindingType type, @Nullable String expected, @Nullable String observed) {
        return new Finding(type, account, name, 0, null, expected, observed);
    }

    private Finding gap(long first, long last) {
        String missing = first == last ? "entry " + first : "entries " + first + " to " + last;
        return new Finding(FindingType.SEQUENCE_GAP, account, name, first, null, missing, null);
    }

    private static @Nullable AccountId account(CellRow cell) {
        try {
            return AccountId.of(cell.accountKind(), cell.accountId());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isName(String name) {
        try {
            Texts.name("cell name", name, 64);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable CellKind kind(CellRow cell) {
        try {
            return CellKind.valueOf(cell.kind());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The unit of a balance, or null where it is none. */
    static @Nullable Unit unit(CellRow cell) {
        String code = cell.unit();
        Integer scale = cell.scale();
        try {
            return code == null || scale == null ? null : Unit.of(code, scale);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int scale(CellRow cell) {
        Unit unit = unit(cell);
        return unit == null ? 18 : unit.scale();
    }

    /** The key, or null where it is none. */
    static @Nullable Key key(@Nullable String scope, @Nullable String key) {
        try {
            return scope == null || key == null ? null : Key.of(scope, key);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Tells what is wrong with one entry. */
    private final class EntryFaults implements ContentFold.Faults {
        private final EntryRow entry;
        private final Consumer<Finding> found;

        EntryFaults(EntryRow entry, Consumer<Finding> found) {
            this.entry = entry;
            this.found = found;
        }

        @Override
        public void after(String expected, String observed) {
            found.accept(finding(FindingType.AFTER_DIFFERS, entry, expected, observed));
        }

        @Override
        public void limit(String limit, String after) {
            found.accept(finding(FindingType.LIMIT_PASSED, entry, limit, after));
        }

        @Override
        public void amount(String column, @Nullable String observed) {
            found.accept(finding(FindingType.BAD_AMOUNT, entry, null, column + " " + Differences.shown(observed)));
        }

        @Override
        public void row(String what) {
            found.accept(finding(FindingType.BAD_ROW, entry, null, what));
        }
    }
}

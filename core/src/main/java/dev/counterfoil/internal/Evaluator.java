package dev.counterfoil.internal;

import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Limits;
import dev.counterfoil.Operation;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.WorkingCells;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules of all operations: given an update and the cells that it names, the new cells, entries and receipt, or the
 * refusal. Pure: no I/O, no clock, no locks, no randomness.
 */
public final class Evaluator {
    private final Update update;
    private final WorkingCells cells;
    private final Instant recordedAt;
    private final Entry[] entries;
    private int written;
    private int index;

    private Evaluator(Update update, WorkingCells cells, Instant recordedAt) {
        this.update = update;
        this.cells = cells;
        this.recordedAt = recordedAt;
        this.entries = new Entry[update.operations().size()];
    }

    /** What an evaluation gives. */
    public sealed interface Result {
        /**
         * It is allowed.
         *
         * @param entries the entries, in order
         * @param receipt the receipt
         */
        record Allowed(List<Entry> entries, Receipt receipt) implements Result {}

        /**
         * It is refused; nothing changes.
         *
         * @param refusal why
         */
        record Refused(Rejected refusal) implements Result {}
    }

    /** Evaluates an update against the cells as they stand, and changes them; where it is refused, what they became is void. */
    public static Result evaluate(Update update, WorkingCells cells, Instant recordedAt) {
        return new Evaluator(update, cells, recordedAt).run();
    }

    /** The receipt of an update that left these entries. */
    public static Receipt receipt(Update update, List<Entry> entries, Instant recordedAt) {
        return new Receipt(
                update.key(),
                recordedAt,
                update.effectiveAt(),
                update.metadata(),
                update.reference(),
                update.reverses(),
                new ReceiptLines(entries));
    }

    /** The refusal that reading a cell as this kind and unit gives, or null where it is there as asked. */
    public static @Nullable Rejected readable(
            CellId asked, @Nullable Cell found, Function<@Nullable Cell, Rejected.Context> context) {
        if (found == null) {
            return new Rejected.WrongState(Reason.NOT_FOUND, context.apply(null));
        }
        if (found.id().kind() != asked.kind()) {
            return new Rejected.WrongKind(context.apply(found), found.id().kind(), asked.kind());
        }
        if (found.id() instanceof BalanceId there && asked instanceof BalanceId balance) {
            Unit unit = there.unit();
            return unit.equals(balance.unit())
                    ? null
                    : new Rejected.UnitDiffers(context.apply(found), unit, balance.unit());
        }
        return null;
    }

    private Result run() {
        List<Operation> operations = update.operations();
        for (; index < operations.size(); index++) {
            Rejected refusal = step(operations.get(index));
            if (refusal != null) {
                return new Result.Refused(refusal);
            }
        }
        List<Entry> all = List.of(written == entries.length ? entries : Arrays.copyOf(entries, written));
        return new Result.Allowed(all, receipt(update, all, recordedAt));
    }

    private @Nullable Rejected step(Operation operation) {
        CellId id = operation.cell();
        Cell cell = cells.get(index, id);
        if (operation instanceof Operation.OpenBalance open) {
            return open(open.ifAbsent(), id, cell, () -> openBalance(open));
        }
        if (operation instanceof Operation.OpenRegister open) {
            return open(open.ifAbsent(), id, cell, () -> openRegister(open));
        }
        if (operation instanceof Operation.OpenJournal open) {
            return open(open.ifAbsent(), id, cell, () -> openJournal(open));
        }
        if (cell == null || !Objects.equals(cell.id(), id)) {
            Rejected unreadable = readable(id, cell, found -> context(id, found));
            if (unreadable != null || cell == null) {
                return unreadable;
            }
        }
        if (cell instanceof Balance balance && operation instanceof Operation.Increment increment) {
            return balance.closed() ? wrongState(Reason.CLOSED, id, cell) : increment(increment, balance);
        }
        if (operation instanceof Operation.RequireVersion check && cell.version() != check.version()) {
            // Before all that follows from it, a closed cell too: staleness is no decision, and is not kept.
            return new Rejected.VersionDiffers(context(id, cell), cell.version(), check.version());
        }
        if (operation instanceof Operation.Reopen) {
            return cell.closed() ? change(cell, EntryType.REOPEN, false) : wrongState(Reason.NOT_CLOSED, id, cell);
        }
        if (cell.closed()) {
            return wrongState(Reason.CLOSED, id, cell);
        }
        if (operation instanceof Operation.RequireOpen || operation instanceof Operation.RequireVersion) {
            return null;
        }
        if (operation instanceof Operation.Close) {
            return cell instanceof Balance balance && balance.amount().signum() != 0
                    ? new Rejected.NotZero(context(id, cell), balance.amount())
                    : change(cell, EntryType.CLOSE, true);
        }
        if (cell instanceof Balance balance) {
            return stepOfBalance(operation, balance);
        }
        if (cell instanceof Register register) {
            return stepOfRegister(operation, register);
        }
        return append((Operation.Append) operation, (Journal) cell);
    }

    private @Nullable Rejected stepOfBalance(Operation operation, Balance balance) {
        if (operation instanceof Operation.SetLimits set) {
            put(balance, EntryType.SET_LIMITS, zero(balance), balance.amount(), set.limits(), balance.closed(), null);
            return null;
        }
        if (operation instanceof Operation.RequireAtLeast check) {
            return balance.amount().compareTo(check.amount()) >= 0
                    ? null
                    : notMet(Reason.BELOW_REQUIRED, balance, check.amount());
        }
        Operation.RequireAtMost check = (Operation.RequireAtMost) operation;
        return balance.amount().compareTo(check.amount()) <= 0
                ? null
                : notMet(Reason.ABOVE_REQUIRED, balance, check.amount());
    }

    private @Nullable Rejected increment(Operation.Increment increment, Balance balance) {
        BigDecimal before = balance.amount();
        BigDecimal after = before.add(increment.amount());
        Limits limits = balance.limits();
        Reason reason = null;
        BigDecimal limit = null;
        if (Amounts.overflows(after)) {
            BigDecimal greatest = Amounts.greatest(balance.id().unit());
            limit = after.signum() < 0 ? greatest.negate() : greatest;
            reason = Reason.OVERFLOW;
        } else if (increment.amount().signum() < 0) {
            limit = limits.minimum();
            reason = limit != null && after.compareTo(limit) < 0 ? Reason.BELOW_MINIMUM : null;
        } else {
            limit = limits.maximum();
            reason = limit != null && after.compareTo(limit) > 0 ? Reason.ABOVE_MAXIMUM : null;
        }
        if (reason != null && limit != null && (reason == Reason.OVERFLOW || update.force() == null)) {
            return new Rejected.OutOfBounds(
                    reason, context(balance.id(), balance), before, after, limit.setScale(after.scale()));
        }
        String forced = reason == null ? null : update.force();
        put(balance, EntryType.INCREMENT, increment.amount(), after, limits, balance.closed(), forced);
        return null;
    }

    private @Nullable Rejected stepOfRegister(Operation operation, Register register) {
        if (operation instanceof Operation.RequireValue check) {
            return valueDiffers(register, check.value());
        }
        Operation.CompareAndSet set = (Operation.CompareAndSet) operation;
        Rejected differs = valueDiffers(register, set.expected());
        if (differs == null) {
            put(register, EntryType.COMPARE_AND_SET, set.next(), register.closed());
        }
        return differs;
    }

    private @Nullable Rejected append(Operation.Append append, Journal journal) {
        put(journal, EntryType.APPEND, append.payload(), journal.count() + 1, journal.closed());
        return null;
    }

    private @Nullable Rejected open(boolean ifAbsent, CellId id, @Nullable Cell cell, Runnable make) {
        if (cell == null) {
            make.run();
            return null;
        }
        if (!ifAbsent) {
            return wrongState(Reason.ALREADY_EXISTS, id, cell);
        }
        Rejected unreadable = readable(id, cell, found -> context(id, found));
        if (unreadable != null) {
            return unreadable;
        }
        return cell.closed() ? wrongState(Reason.CLOSED, id, cell) : null;
    }

    private void openBalance(Operation.OpenBalance open) {
        Balance none =
                new Balance(open.cell(), zero(open.cell().unit()), open.limits(), 0, false, update.key(), recordedAt);
        put(none, EntryType.OPEN, open.first(), open.first(), open.limits(), false, null);
    }

    private void openRegister(Operation.OpenRegister open) {
        put(new Register(open.cell(), "", 0, false, update.key(), recordedAt), EntryType.OPEN, open.value(), false);
    }

    private void openJournal(Operation.OpenJournal open) {
        put(new Journal(open.cell(), 0, 0, false, update.key(), recordedAt), EntryType.OPEN, null, 0, false);
    }

    private @Nullable Rejected change(Cell cell, EntryType type, boolean closed) {
        if (cell instanceof Balance balance) {
            put(balance, type, zero(balance), balance.amount(), balance.limits(), closed, null);
        } else if (cell instanceof Register register) {
            put(register, type, register.value(), closed);
        } else if (cell instanceof Journal journal) {
            put(journal, type, null, journal.count(), closed);
        }
        return null;
    }

    private void put(
            Balance from,
            EntryType type,
            BigDecimal delta,
            BigDecimal after,
            Limits limits,
            boolean closed,
            @Nullable String forced) {
        BalanceId id = from.id();
        long version = from.version() + 1;
        boolean showLimits = type == EntryType.OPEN || type == EntryType.SET_LIMITS;
        cells.put(index, new Balance(id, after, limits, version, closed, update.key(), recordedAt));
        entries[written++] = new BalanceEntry(
                id,
                version,
                type,
                delta,
                after,
                showLimits ? limits : null,
                forced,
                update.key(),
                index,
                recordedAt,
                update.effectiveAt());
    }

    private void put(Register from, EntryType type, String after, boolean closed) {
        RegisterId id = from.id();
        long version = from.version() + 1;
        cells.put(index, new Register(id, after, version, closed, update.key(), recordedAt));
        entries[written++] = new RegisterEntry(
                id, version, type, after, null, update.key(), index, recordedAt, update.effectiveAt());
    }

    private void put(Journal from, EntryType type, @Nullable String payload, long count, boolean closed) {
        JournalId id = from.id();
        long version = from.version() + 1;
        cells.put(index, new Journal(id, count, version, closed, update.key(), recordedAt));
        entries[written++] = new JournalEntry(
                id, version, type, payload, count, null, update.key(), index, recordedAt, update.effectiveAt());
    }

    private @Nullable Rejected valueDiffers(Register register, String required) {
        return register.value().equals(required)
                ? null
                : new Rejected.ValueDiffers(context(register.id(), register), register.value(), required);
    }

    private Rejected notMet(Reason reason, Balance balance, BigDecimal required) {
        return new Rejected.NotMet(reason, context(balance.id(), balance), balance.amount(), required);
    }

    private Rejected wrongState(Reason reason, CellId id, Cell cell) {
        return new Rejected.WrongState(reason, context(id, cell));
    }

    private Rejected.Context context(CellId id, @Nullable Cell observed) {
        return new Rejected.Context(
                update.key(), recordedAt, false, index, id, observed == null ? null : observed.lastUpdate());
    }

    private static BigDecimal zero(Balance balance) {
        return zero(balance.id().unit());
    }

    private static BigDecimal zero(Unit unit) {
        return BigDecimal.ZERO.setScale(unit.scale());
    }
}

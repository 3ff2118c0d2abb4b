package dev.counterfoil.memory;

import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.spi.CellRow;
import dev.counterfoil.spi.CellRow.CellState;
import dev.counterfoil.spi.CellRow.Checkpoint;
import dev.counterfoil.spi.DecisionRow;
import dev.counterfoil.spi.EntryRow;
import dev.counterfoil.spi.StoredDecision;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept in memory as the rows that a verification reads. */
final class AuditRows {
    private static final String APPLIED = "APPLIED";

    private AuditRows() {}

    static CellRow of(long id, Cell cell, @Nullable Checkpoint checkpoint) {
        CellId name = cell.id();
        Unit unit = name instanceof BalanceId balance ? balance.unit() : null;
        return new CellRow(
                id,
                name.account().kind(),
                name.account().id(),
                name.name(),
                name.kind().name(),
                unit == null ? null : unit.code(),
                unit == null ? null : unit.scale(),
                state(cell),
                cell.version(),
                cell.lastUpdate().scope(),
                cell.lastUpdate().value(),
                cell.lastRecordedAt(),
                checkpoint);
    }

    private static CellState state(Cell cell) {
        if (cell instanceof Balance balance) {
            Limits limits = balance.limits();
            return new CellState(
                    text(balance.amount()), text(limits.minimum()), text(limits.maximum()), null, null, cell.closed());
        }
        return cell instanceof Register register
                ? new CellState(null, null, null, register.value(), null, cell.closed())
                : new CellState(null, null, null, null, ((Journal) cell).count(), cell.closed());
    }

    static EntryRow of(long cellId, Entry entry, long decisionId, @Nullable StoredDecision decision) {
        Key key = decision == null ? null : decision.id().key();
        BalanceEntry balance = entry instanceof BalanceEntry e ? e : null;
        RegisterEntry register = entry instanceof RegisterEntry e ? e : null;
        JournalEntry journal = entry instanceof JournalEntry e ? e : null;
        Limits limits = balance == null ? null : balance.limits();
        return new EntryRow(
                cellId,
                entry.sequence(),
                decisionId,
                entry.index(),
                entry.type().name(),
                balance == null ? null : text(balance.delta()),
                balance == null ? null : text(balance.after()),
                limits == null ? null : text(limits.minimum()),
                limits == null ? null : text(limits.maximum()),
                forced(entry),
                register == null ? null : register.after(),
                journal == null ? null : journal.count(),
                entry.recordedAt(),
                key == null ? null : key.scope(),
                key == null ? null : key.value(),
                decision == null ? null : outcome(decision.decision()));
    }

    private static @Nullable String forced(Entry entry) {
        if (entry instanceof BalanceEntry balance) {
            return balance.forced();
        }
        return entry instanceof RegisterEntry register ? register.forced() : ((JournalEntry) entry).forced();
    }

    static DecisionRow of(long id, StoredDecision stored) {
        Key key = stored.id().key();
        Receipt receipt = stored.decision() instanceof Applied applied ? applied.receipt() : null;
        Key reverses = receipt == null ? null : receipt.reverses();
        return new DecisionRow(
                id,
                key.scope(),
                key.value(),
                outcome(stored.decision()),
                receipt == null ? null : receipt.reference(),
                reverses == null ? null : reverses.scope(),
                reverses == null ? null : reverses.value(),
                stored.balanced(),
                entries(stored.decision()),
                null);
    }

    private static @Nullable List<ReceiptEntry> entries(Decision decision) {
        if (decision instanceof Applied applied) {
            Receipt receipt = applied.receipt();
            return receipt.pruned() ? null : receipt.entries();
        }
        return decision instanceof Rejected.Pruned ? null : List.of();
    }

    private static String outcome(Decision decision) {
        return decision instanceof Rejected refusal ? refusal.reason().name() : APPLIED;
    }

    private static @Nullable String text(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }
}

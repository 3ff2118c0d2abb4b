package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.CellKind;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.EntryType;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.Fingerprint;
import dev.counterfoil.spi.StoredDecision;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the rows of the tables become values, and back. */
final class Rows {
    /** The columns of a cell that change. */
    static final String CHANGING_COLUMNS =
            "amount, minimum, maximum, value, records, closed, version, last_scope, last_key, last_at";

    static final String CELL_COLUMNS =
            "id, namespace, account_kind, account_id, name, kind, unit, scale, " + CHANGING_COLUMNS;

    static final String DECISION_COLUMNS = "id, namespace, scope, key, fingerprint_version, fingerprint, outcome,"
            + " reference, reverses_scope, reverses_key, balanced, recorded_at, effective_at, metadata, detail";

    static final String ENTRY_COLUMNS =
            "cell_id, sequence, decision_id, position, type, delta, amount, minimum, maximum,"
                    + " forced, value, payload, records, recorded_at";

    private final Dialect dialect;

    Rows(Dialect dialect) {
        this.dialect = dialect;
    }

    /** A cell with its surrogate id. */
    record Row(long id, CellAddress address, Cell cell) {}

    /** The values of {@link #CELL_COLUMNS}. */
    @Nullable
    Object[] values(long id, CellAddress address, Cell cell) {
        CellId name = cell.id();
        Unit unit = name instanceof BalanceId balance ? balance.unit() : null;
        return join(
                new @Nullable Object[] {
                    id,
                    address.namespace(),
                    name.account().kind(),
                    name.account().id(),
                    name.name(),
                    name.kind().name(),
                    unit == null ? null : unit.code(),
                    unit == null ? null : unit.scale()
                },
                state(cell));
    }

    /** The values of the columns that change, then the cell's id and the version that it must have. */
    @Nullable
    Object[] values(Cell cell, long id, long versionBefore) {
        return join(state(cell), new @Nullable Object[] {id, versionBefore});
    }

    private @Nullable Object[] state(Cell cell) {
        Balance balance = cell instanceof Balance b ? b : null;
        Limits limits = balance == null ? null : balance.limits();
        return new @Nullable Object[] {
            balance == null ? null : balance.amount().toPlainString(),
            limits == null ? null : plain(limits.minimum()),
            limits == null ? null : plain(limits.maximum()),
            cell instanceof Register register ? register.value() : null,
            cell instanceof Journal journal ? journal.count() : null,
            cell.closed() ? 1 : 0,
            cell.version(),
            cell.lastUpdate().scope(),
            cell.lastUpdate().value(),
            dialect.text(cell.lastRecordedAt())
        };
    }

    /** The values of {@link #DECISION_COLUMNS}. */
    @Nullable
    Object[] values(long id, StoredDecision stored) {
        Decision decision = stored.decision();
        Receipt receipt = decision instanceof Applied applied ? applied.receipt() : null;
        Key reverses = receipt == null ? null : receipt.reverses();
        Instant effectiveAt = receipt == null ? null : receipt.effectiveAt();
        return new @Nullable Object[] {
            id,
            stored.id().namespace(),
            stored.id().key().scope(),
            stored.id().key().value(),
            stored.fingerprint().version(),
            stored.fingerprint().sha256(),
            DecisionCodec.outcome(decision),
            receipt == null ? null : receipt.reference(),
            reverses == null ? null : reverses.scope(),
            reverses == null ? null : reverses.value(),
            stored.balanced() ? 1 : 0,
            dialect.text(decision.recordedAt()),
            effectiveAt == null ? null : dialect.text(effectiveAt),
            receipt == null ? null : receipt.metadata(),
            DecisionCodec.detail(decision)
        };
    }

    /** The values of {@link #ENTRY_COLUMNS}. */
    @Nullable
    Object[] values(long cellId, long decisionId, Entry entry) {
        BalanceEntry balance = entry instanceof BalanceEntry e ? e : null;
        RegisterEntry register = entry instanceof RegisterEntry e ? e : null;
        JournalEntry journal = entry instanceof JournalEntry e ? e : null;
        Limits limits = balance == null ? null : balance.limits();
        return new @Nullable Object[] {
            cellId,
            entry.sequence(),
            decisionId,
            entry.index(),
            entry.type().name(),
            balance == null ? null : balance.delta().toPlainString(),
            balance == null ? null : balance.after().toPlainString(),
            limits == null ? null : plain(limits.minimum()),
            limits == null ? null : plain(limits.maximum()),
            forced(entry),
            register == null ? null : register.after(),
            journal == null ? null : journal.payload(),
            journal == null ? null : journal.count(),
            dialect.text(entry.recordedAt())
        };
    }

    private static @Nullable String forced(Entry entry) {
        if (entry instanceof BalanceEntry balance) {
            return balance.forced();
        }
        return entry instanceof RegisterEntry register ? register.forced() : ((JournalEntry) entry).forced();
    }

    private static @Nullable String plain(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }

    private static @Nullable Object[] join(@Nullable Object[] first, @Nullable Object[] second) {
        @Nullable Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** The time in a column. */
    Instant time(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(dialect.time(row, column), column);
    }

    /** The address of a cell. */
    static CellAddress address(ResultSet row) throws SQLException {
        AccountId account = AccountId.of(row.getString("account_kind"), row.getString("account_id"));
        return new CellAddress(row.getString("namespace"), account, row.getString("name"));
    }

    Row cell(ResultSet row) throws SQLException {
        AccountId account = AccountId.of(row.getString("account_kind"), row.getString("account_id"));
        String name = row.getString("name");
        boolean closed = row.getInt("closed") != 0;
        long version = row.getLong("version");
        Key lastKey = Key.of(row.getString("last_scope"), row.getString("last_key"));
        Instant lastAt = time(row, "last_at");
        Cell cell =
                switch (CellKind.valueOf(row.getString("kind"))) {
                    case BALANCE -> {
                        Unit unit = Unit.of(row.getString("unit"), row.getInt("scale"));
                        yield new Balance(
                                account.balance(name, unit),
                                amount(row, "amount", unit),
                                limits(row),
                                version,
                                closed,
                                lastKey,
                                lastAt);
                    }
                    case REGISTER ->
                        new Register(account.register(name), row.getString("value"), version, closed, lastKey, lastAt);
                    case JOURNAL ->
                        new Journal(account.journal(name), row.getLong("records"), version, closed, lastKey, lastAt);
                };
        return new Row(row.getLong("id"), CellAddress.of(row.getString("namespace"), cell.id()), cell);
    }

    /** A column may have more digits behind the point than the unit; they are zeros, or the row is not ours. */
    private static BigDecimal amount(ResultSet row, String column, Unit unit) throws SQLException {
        return new BigDecimal(row.getString(column)).setScale(unit.scale(), RoundingMode.UNNECESSARY);
    }

    private static Limits limits(ResultSet row) throws SQLException {
        return new Limits(decimal(row.getString("minimum")), decimal(row.getString("maximum")));
    }

    StoredDecision decision(ResultSet row) throws SQLException {
        Key key = Key.of(row.getString("scope"), row.getString("key"));
        Instant recordedAt = time(row, "recorded_at");
        String outcome = row.getString("outcome");
        String detail = row.getString("detail");
        boolean pruned = detail == null;
        Decision decision;
        if (outcome.equals(DecisionCodec.APPLIED)) {
            String reversed = row.getString("reverses_key");
            decision = new Applied(
                    new Receipt(
                            key,
                            recordedAt,
                            dialect.time(row, "effective_at"),
                            row.getString("metadata"),
                            row.getString("reference"),
                            reversed == null ? null : Key.of(row.getString("reverses_scope"), reversed),
                            pruned ? List.of() : DecisionCodec.entries(detail),
                            pruned),
                    false);
        } else {
            Reason reason = Reason.valueOf(outcome);
            decision = pruned
                    ? Rejected.Pruned.of(reason, key, recordedAt)
                    : DecisionCodec.refusal(reason, detail, key, recordedAt);
        }
        return new StoredDecision(
                new DecisionId(row.getString("namespace"), key),
                new Fingerprint(row.getInt("fingerprint_version"), row.getString("fingerprint")),
                decision,
                row.getInt("balanced") != 0);
    }

    Entry entry(ResultSet row, CellId cell) throws SQLException {
        long sequence = row.getLong("sequence");
        int index = row.getInt("position");
        EntryType type = EntryType.valueOf(row.getString("type"));
        Instant recordedAt = time(row, "recorded_at");
        Key key = Key.of(row.getString("scope"), row.getString("key"));
        Instant effectiveAt = dialect.time(row, "effective_at");
        String forced = row.getString("forced");
        if (cell instanceof BalanceId balance) {
            boolean setsLimits = type == EntryType.OPEN || type == EntryType.SET_LIMITS;
            return new BalanceEntry(
                    balance,
                    sequence,
                    type,
                    amount(row, "delta", balance.unit()),
                    amount(row, "amount", balance.unit()),
                    setsLimits ? limits(row) : null,
                    forced,
                    key,
                    index,
                    recordedAt,
                    effectiveAt);
        }
        if (cell instanceof RegisterId register) {
            String after = row.getString("value");
            return new RegisterEntry(register, sequence, type, after, forced, key, index, recordedAt, effectiveAt);
        }
        JournalId journal = (JournalId) cell;
        long count = row.getLong("records");
        String payload = row.getString("payload");
        return new JournalEntry(journal, sequence, type, payload, count, forced, key, index, recordedAt, effectiveAt);
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }
}

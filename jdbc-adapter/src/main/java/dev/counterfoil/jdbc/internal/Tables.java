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
import dev.counterfoil.Unit;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.Fingerprint;
import dev.counterfoil.spi.StoredDecision;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables: their statements, and how rows become values and back. */
final class Tables {
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

    private static final String CELL_COLUMNS = "id, account_kind, account_id, name, kind, unit, scale, amount, minimum,"
            + " maximum, value, records, closed, version, last_scope, last_key, last_at";

    private static final String DECISION_COLUMNS = "namespace, scope, key, fingerprint_version, fingerprint, outcome,"
            + " reference, reverses_scope, reverses_key, balanced, recorded_at, effective_at, metadata, detail";

    final String meta;
    final String selectCell;
    final String selectAccount;
    final String insertCell;
    final String updateCell;
    final String selectDecision;
    final String selectReference;
    final String selectReversal;
    final String insertDecision;
    final String insertEntry;
    final String selectEntries;
    final String listAccounts;
    final String lastCellId;
    final String lastDecisionId;

    /** The tables with a prefix that was checked before. */
    Tables(String prefix) {
        meta = '"' + prefix + "meta\"";
        String cell = '"' + prefix + "cell\"";
        String decision = '"' + prefix + "decision\"";
        String entry = '"' + prefix + "entry\"";
        selectCell = "SELECT " + CELL_COLUMNS + " FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id = ? AND name = ?";
        selectAccount = "SELECT " + CELL_COLUMNS + " FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id = ? ORDER BY name";
        insertCell = "INSERT INTO " + cell + " (namespace, " + CELL_COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        updateCell = "UPDATE " + cell + " SET amount = ?, minimum = ?, maximum = ?, value = ?, records = ?, closed = ?,"
                + " version = ?, last_scope = ?, last_key = ?, last_at = ? WHERE id = ? AND version = ?";
        selectDecision =
                "SELECT " + DECISION_COLUMNS + " FROM " + decision + " WHERE namespace = ? AND scope = ? AND key = ?";
        selectReference = "SELECT scope, key FROM " + decision + " WHERE namespace = ? AND reference = ?";
        selectReversal = "SELECT scope, key FROM " + decision
                + " WHERE namespace = ? AND reverses_scope = ? AND reverses_key = ?";
        insertDecision = "INSERT INTO " + decision + " (id, " + DECISION_COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        insertEntry =
                "INSERT INTO " + entry + " (cell_id, sequence, decision_id, position, type, delta, amount, minimum,"
                        + " maximum, forced, value, payload, records, recorded_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        selectEntries =
                "SELECT e.sequence, e.position, e.type, e.delta, e.amount, e.minimum, e.maximum, e.forced, e.value,"
                        + " e.payload, e.records, e.recorded_at, d.scope, d.key, d.effective_at FROM " + entry
                        + " e JOIN "
                        + decision
                        + " d ON d.id = e.decision_id WHERE e.cell_id = ? AND e.sequence > ? ORDER BY e.sequence LIMIT ?";
        listAccounts = "SELECT DISTINCT account_id FROM " + cell
                + " WHERE namespace = ? AND account_kind = ? AND account_id >= ? AND account_id < ? AND account_id > ?"
                + " ORDER BY account_id LIMIT ?";
        lastCellId = "SELECT coalesce(max(id), 0) FROM " + cell;
        lastDecisionId = "SELECT coalesce(max(id), 0) FROM " + decision;
    }

    /** A cell with its surrogate id. */
    record Row(long id, Cell cell) {}

    static void bind(PreparedStatement statement, CellAddress address) throws SQLException {
        statement.setString(1, address.namespace());
        statement.setString(2, address.account().kind());
        statement.setString(3, address.account().id());
        statement.setString(4, address.name());
    }

    static void bind(PreparedStatement statement, DecisionId id) throws SQLException {
        statement.setString(1, id.namespace());
        statement.setString(2, id.key().scope());
        statement.setString(3, id.key().value());
    }

    static Row cell(ResultSet row) throws SQLException {
        AccountId account = AccountId.of(row.getString("account_kind"), row.getString("account_id"));
        String name = row.getString("name");
        boolean closed = row.getInt("closed") != 0;
        long version = row.getLong("version");
        Key lastKey = Key.of(row.getString("last_scope"), row.getString("last_key"));
        Instant lastAt = Instant.parse(row.getString("last_at"));
        Cell cell =
                switch (CellKind.valueOf(row.getString("kind"))) {
                    case BALANCE -> {
                        Unit unit = Unit.of(row.getString("unit"), row.getInt("scale"));
                        yield new Balance(
                                account.balance(name, unit),
                                new BigDecimal(row.getString("amount")),
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
        return new Row(row.getLong("id"), cell);
    }

    private static Limits limits(ResultSet row) throws SQLException {
        return new Limits(decimal(row.getString("minimum")), decimal(row.getString("maximum")));
    }

    void bindNew(PreparedStatement statement, long id, CellAddress address, Cell cell) throws SQLException {
        CellId name = cell.id();
        statement.setString(1, address.namespace());
        statement.setLong(2, id);
        statement.setString(3, name.account().kind());
        statement.setString(4, name.account().id());
        statement.setString(5, name.name());
        statement.setString(6, name.kind().name());
        if (name instanceof BalanceId balance) {
            statement.setString(7, balance.unit().code());
            statement.setInt(8, balance.unit().scale());
        } else {
            statement.setNull(7, Types.VARCHAR);
            statement.setNull(8, Types.INTEGER);
        }
        bindState(statement, 9, cell);
    }

    void bindChanged(PreparedStatement statement, long id, long versionBefore, Cell cell) throws SQLException {
        bindState(statement, 1, cell);
        statement.setLong(11, id);
        statement.setLong(12, versionBefore);
    }

    /** Ten columns: amount, minimum, maximum, value, records, closed, version, last_scope, last_key, last_at. */
    private static void bindState(PreparedStatement statement, int from, Cell cell) throws SQLException {
        Balance balance = cell instanceof Balance b ? b : null;
        bindLimits(statement, from + 1, balance == null ? null : balance.limits());
        text(statement, from, balance == null ? null : balance.amount().toPlainString());
        text(statement, from + 3, cell instanceof Register register ? register.value() : null);
        if (cell instanceof Journal journal) {
            statement.setLong(from + 4, journal.count());
        } else {
            statement.setNull(from + 4, Types.BIGINT);
        }
        statement.setInt(from + 5, cell.closed() ? 1 : 0);
        statement.setLong(from + 6, cell.version());
        statement.setString(from + 7, cell.lastUpdate().scope());
        statement.setString(from + 8, cell.lastUpdate().value());
        statement.setString(from + 9, MICROS.format(cell.lastRecordedAt()));
    }

    private static void bindLimits(PreparedStatement statement, int from, @Nullable Limits limits) throws SQLException {
        BigDecimal minimum = limits == null ? null : limits.minimum();
        BigDecimal maximum = limits == null ? null : limits.maximum();
        text(statement, from, minimum == null ? null : minimum.toPlainString());
        text(statement, from + 1, maximum == null ? null : maximum.toPlainString());
    }

    static StoredDecision decision(ResultSet row) throws SQLException {
        Key key = Key.of(row.getString("scope"), row.getString("key"));
        Instant recordedAt = Instant.parse(row.getString("recorded_at"));
        String outcome = row.getString("outcome");
        String detail = row.getString("detail");
        Decision decision;
        if (outcome.equals(DecisionCodec.APPLIED)) {
            String effectiveAt = row.getString("effective_at");
            String reversed = row.getString("reverses_key");
            decision = new Applied(
                    new Receipt(
                            key,
                            recordedAt,
                            effectiveAt == null ? null : Instant.parse(effectiveAt),
                            row.getString("metadata"),
                            row.getString("reference"),
                            reversed == null ? null : Key.of(row.getString("reverses_scope"), reversed),
                            DecisionCodec.entries(detail)),
                    false);
        } else {
            decision = DecisionCodec.refusal(Reason.valueOf(outcome), detail, key, recordedAt);
        }
        return new StoredDecision(
                new DecisionId(row.getString("namespace"), key),
                new Fingerprint(row.getInt("fingerprint_version"), row.getString("fingerprint")),
                decision,
                row.getInt("balanced") != 0);
    }

    static void bindNew(PreparedStatement statement, long id, StoredDecision stored) throws SQLException {
        Decision decision = stored.decision();
        Receipt receipt = decision instanceof Applied applied ? applied.receipt() : null;
        Key reverses = receipt == null ? null : receipt.reverses();
        Instant effectiveAt = receipt == null ? null : receipt.effectiveAt();
        statement.setLong(1, id);
        statement.setString(2, stored.id().namespace());
        statement.setString(3, stored.id().key().scope());
        statement.setString(4, stored.id().key().value());
        statement.setInt(5, stored.fingerprint().version());
        statement.setString(6, stored.fingerprint().sha256());
        statement.setString(7, DecisionCodec.outcome(decision));
        text(statement, 8, receipt == null ? null : receipt.reference());
        text(statement, 9, reverses == null ? null : reverses.scope());
        text(statement, 10, reverses == null ? null : reverses.value());
        statement.setInt(11, stored.balanced() ? 1 : 0);
        statement.setString(12, MICROS.format(decision.recordedAt()));
        text(statement, 13, effectiveAt == null ? null : MICROS.format(effectiveAt));
        text(statement, 14, receipt == null ? null : receipt.metadata());
        statement.setString(15, DecisionCodec.detail(decision));
    }

    static void bindNew(PreparedStatement statement, long cellId, long decisionId, Entry entry) throws SQLException {
        BalanceEntry balance = entry instanceof BalanceEntry e ? e : null;
        statement.setLong(1, cellId);
        statement.setLong(2, entry.sequence());
        statement.setLong(3, decisionId);
        statement.setInt(4, entry.index());
        statement.setString(5, entry.type().name());
        text(statement, 6, balance == null ? null : balance.delta().toPlainString());
        text(statement, 7, balance == null ? null : balance.after().toPlainString());
        bindLimits(statement, 8, balance == null ? null : balance.limits());
        text(statement, 10, balance == null ? null : balance.forced());
        text(statement, 11, entry instanceof RegisterEntry register ? register.after() : null);
        if (entry instanceof JournalEntry journal) {
            text(statement, 12, journal.payload());
            statement.setLong(13, journal.count());
        } else {
            statement.setNull(12, Types.VARCHAR);
            statement.setNull(13, Types.BIGINT);
        }
        statement.setString(14, MICROS.format(entry.recordedAt()));
    }

    static Entry entry(ResultSet row, CellId cell) throws SQLException {
        long sequence = row.getLong("sequence");
        int index = row.getInt("position");
        EntryType type = EntryType.valueOf(row.getString("type"));
        Instant recordedAt = Instant.parse(row.getString("recorded_at"));
        Key key = Key.of(row.getString("scope"), row.getString("key"));
        String effective = row.getString("effective_at");
        Instant effectiveAt = effective == null ? null : Instant.parse(effective);
        if (cell instanceof BalanceId balance) {
            boolean setsLimits = type == EntryType.OPEN || type == EntryType.SET_LIMITS;
            return new BalanceEntry(
                    balance,
                    sequence,
                    type,
                    new BigDecimal(row.getString("delta")),
                    new BigDecimal(row.getString("amount")),
                    setsLimits ? limits(row) : null,
                    row.getString("forced"),
                    key,
                    index,
                    recordedAt,
                    effectiveAt);
        }
        if (cell instanceof RegisterId register) {
            String after = row.getString("value");
            return new RegisterEntry(register, sequence, type, after, key, index, recordedAt, effectiveAt);
        }
        JournalId journal = (JournalId) cell;
        long count = row.getLong("records");
        String payload = row.getString("payload");
        return new JournalEntry(journal, sequence, type, payload, count, key, index, recordedAt, effectiveAt);
    }

    private static void text(PreparedStatement statement, int index, @Nullable String text) throws SQLException {
        if (text == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setString(index, text);
        }
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }
}

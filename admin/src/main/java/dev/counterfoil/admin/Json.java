package dev.counterfoil.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Balance;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.Decision;
import dev.counterfoil.Entry;
import dev.counterfoil.Finding;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.Rejected;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's words as JSON. Each object says in {@code record} what it is; amounts are texts, so that no reader rounds them;
 * times are UTC; what is not there is null, so that the fields of a record are always the same.
 */
final class Json {
    private Json() {}

    static ObjectNode record(String name) {
        return JsonNodeFactory.instance.objectNode().put("record", name);
    }

    static @Nullable String amount(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.toPlainString();
    }

    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : Plain.time(time);
    }

    static ObjectNode account(ObjectNode into, AccountId account) {
        return into.put("accountKind", account.kind()).put("accountId", account.id());
    }

    static ObjectNode cell(ObjectNode into, CellId cell) {
        account(into, cell.account())
                .put("cell", cell.name())
                .put("kind", cell.kind().name());
        BalanceId balance = cell instanceof BalanceId id ? id : null;
        return into.put("unit", balance == null ? null : balance.unit().code())
                .put("scale", balance == null ? null : balance.unit().scale());
    }

    static ObjectNode key(ObjectNode into, Key key) {
        return into.put("scope", key.scope()).put("key", key.value());
    }

    private static ObjectNode limits(ObjectNode into, @Nullable Limits limits) {
        return into.put("minimum", limits == null ? null : amount(limits.minimum()))
                .put("maximum", limits == null ? null : amount(limits.maximum()));
    }

    /** A cell as it stands. */
    static ObjectNode of(Cell cell) {
        ObjectNode json = cell(record("cell"), cell.id());
        Balance balance = cell instanceof Balance found ? found : null;
        json.put("amount", balance == null ? null : amount(balance.amount()));
        limits(json, balance == null ? null : balance.limits());
        json.put("value", cell instanceof Register register ? register.value() : null);
        json.put("records", cell instanceof Journal journal ? (Long) journal.count() : null);
        json.put("version", cell.version()).put("closed", cell.closed());
        return key(json, cell.lastUpdate()).put("recordedAt", time(cell.lastRecordedAt()));
    }

    /** An entry. */
    static ObjectNode of(Entry entry) {
        ObjectNode json = cell(record("entry"), entry.cell());
        json.put("sequence", entry.sequence()).put("type", entry.type().name());
        BalanceEntry balance = entry instanceof BalanceEntry found ? found : null;
        JournalEntry journal = entry instanceof JournalEntry found ? found : null;
        json.put("delta", balance == null ? null : amount(balance.delta()));
        json.put("after", balance == null ? null : amount(balance.after()));
        limits(json, balance == null ? null : balance.limits());
        json.put("forced", forced(entry));
        json.put("value", entry instanceof RegisterEntry register ? register.after() : null);
        json.put("payload", journal == null ? null : journal.payload());
        json.put("records", journal == null ? null : (Long) journal.count());
        return key(json, entry.key())
                .put("index", entry.index())
                .put("recordedAt", time(entry.recordedAt()))
                .put("effectiveAt", time(entry.effectiveAt()));
    }

    /** The reason, where a limit was passed or the cell was corrected. */
    static @Nullable String forced(Entry entry) {
        if (entry instanceof BalanceEntry balance) {
            return balance.forced();
        }
        return entry instanceof RegisterEntry register ? register.forced() : ((JournalEntry) entry).forced();
    }

    /** Something that is wrong. */
    static ObjectNode of(Finding finding) {
        ObjectNode json = record("finding").put("type", finding.type().name());
        AccountId account = finding.account();
        json.put("accountKind", account == null ? null : account.kind())
                .put("accountId", account == null ? null : account.id())
                .put("cell", finding.cell())
                .put("sequence", finding.sequence() == 0 ? null : (Long) finding.sequence());
        Key key = finding.key();
        return json.put("scope", key == null ? null : key.scope())
                .put("key", key == null ? null : key.value())
                .put("expected", finding.expected())
                .put("observed", finding.observed());
    }

    /** A decision: the receipt of what was applied, or the refusal with what was observed and required. */
    static ObjectNode of(Decision decision) {
        ObjectNode json = key(record("decision"), decision.key())
                .put("decided", true)
                .put("outcome", decision instanceof Applied ? "APPLIED" : "REJECTED")
                .put("recordedAt", time(decision.recordedAt()));
        return decision instanceof Applied applied
                ? receipt(json, applied.receipt())
                : refusal(json, (Rejected) decision);
    }

    private static ObjectNode receipt(ObjectNode json, Receipt receipt) {
        json.put("effectiveAt", time(receipt.effectiveAt()))
                .put("metadata", receipt.metadata())
                .put("reference", receipt.reference());
        Key reverses = receipt.reverses();
        json.set("reverses", reverses == null ? null : key(JsonNodeFactory.instance.objectNode(), reverses));
        json.put("pruned", receipt.pruned());
        ArrayNode entries = json.putArray("entries");
        receipt.entries().forEach(entry -> entries.add(of(entry)));
        return json;
    }

    private static ObjectNode of(ReceiptEntry entry) {
        ObjectNode json = cell(JsonNodeFactory.instance.objectNode(), entry.cell())
                .put("index", entry.index())
                .put("type", entry.type().name())
                .put("sequence", entry.sequence());
        ReceiptEntry.OfBalance balance = entry instanceof ReceiptEntry.OfBalance found ? found : null;
        return json.put("delta", balance == null ? null : amount(balance.delta()))
                .put("after", balance == null ? null : amount(balance.after()))
                .put("value", entry instanceof ReceiptEntry.OfRegister register ? register.after() : null)
                .put("records", entry instanceof ReceiptEntry.OfJournal journal ? (Long) journal.count() : null);
    }

    private static ObjectNode refusal(ObjectNode json, Rejected no) {
        json.put("reason", no.reason().name()).put("index", no.index() < 0 ? null : (Integer) no.index());
        CellId cell = no.cell();
        if (cell == null) {
            json.putNull("accountKind").putNull("accountId").putNull("cell");
        } else {
            account(json, cell.account()).put("cell", cell.name());
        }
        Key decidedBy = no.decidedBy();
        json.set("decidedBy", decidedBy == null ? null : key(JsonNodeFactory.instance.objectNode(), decidedBy));
        Refusal facts = Refusal.of(no);
        return json.put("pruned", no instanceof Rejected.Pruned)
                .put("observed", facts.observed())
                .put("required", facts.required())
                .put("message", facts.message());
    }
}

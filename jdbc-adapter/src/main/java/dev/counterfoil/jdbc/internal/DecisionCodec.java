package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.CellKind;
import dev.counterfoil.Decision;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a decision keeps beside its columns, as JSON that a person can read: the entries of a receipt, or a refusal. */
final class DecisionCodec {
    /** The outcome column of an applied update; of a refused one it is the reason. */
    static final String APPLIED = "APPLIED";

    private DecisionCodec() {}

    static String outcome(Decision decision) {
        return decision instanceof Rejected refusal ? refusal.reason().name() : APPLIED;
    }

    static String detail(Decision decision) {
        return decision instanceof Rejected refusal
                ? Json.write(refusal(refusal))
                : entries(((Applied) decision).receipt());
    }

    /** The entries of a receipt. */
    static List<ReceiptEntry> entries(String detail) {
        List<ReceiptEntry> entries = new ArrayList<>();
        Object list = Objects.requireNonNull(Json.readObject(detail).get("entries"), "entries");
        for (Object item : (List<?>) list) {
            entries.add(entry(new Fields(item)));
        }
        return entries;
    }

    /** The refusal with the given reason; key and time come from the columns. */
    static Rejected refusal(Reason reason, String detail, Key key, Instant recordedAt) {
        Fields f = new Fields(Json.readObject(detail));
        Fields cell = f.optional("cell");
        Fields by = f.optional("decidedBy");
        Rejected.Context context = new Rejected.Context(
                key,
                recordedAt,
                false,
                (int) f.number("index"),
                cell == null ? null : cell(cell),
                by == null ? null : key(by));
        return switch (reason) {
            case BELOW_MINIMUM, ABOVE_MAXIMUM, OVERFLOW ->
                new Rejected.OutOfBounds(reason, context, f.amount("before"), f.amount("after"), f.amount("limit"));
            case BELOW_REQUIRED, ABOVE_REQUIRED ->
                new Rejected.NotMet(reason, context, f.amount("observed"), f.amount("required"));
            case VALUE_DIFFERS -> new Rejected.ValueDiffers(context, f.text("observed"), f.text("required"));
            case VERSION_DIFFERS -> new Rejected.VersionDiffers(context, f.number("observed"), f.number("required"));
            case WRONG_KIND ->
                new Rejected.WrongKind(
                        context, CellKind.valueOf(f.text("observed")), CellKind.valueOf(f.text("required")));
            case UNIT_DIFFERS ->
                new Rejected.UnitDiffers(context, unit(f.object("observed")), unit(f.object("required")));
            case NOT_ZERO -> new Rejected.NotZero(context, f.amount("observed"));
            case REFERENCE_TAKEN -> new Rejected.ReferenceTaken(context, f.text("reference"));
            case ALREADY_REVERSED -> new Rejected.NotReversible(reason, context, key(f.object("reversed")));
            case DECLINED -> new Rejected.Declined(context, f.text("code"), f.text("message"));
            case NOT_FOUND -> {
                Fields reversed = f.optional("reversed");
                yield reversed == null
                        ? new Rejected.WrongState(reason, context)
                        : new Rejected.NotReversible(reason, context, key(reversed));
            }
            case ALREADY_EXISTS, CLOSED, NOT_CLOSED -> new Rejected.WrongState(reason, context);
        };
    }

    private static Map<String, @Nullable Object> refusal(Rejected refusal) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("index", refusal.index());
        CellId cell = refusal.cell();
        if (cell != null) {
            fields.put("cell", cell(cell));
        }
        Key decidedBy = refusal.decidedBy();
        if (decidedBy != null) {
            fields.put("decidedBy", key(decidedBy));
        }
        if (refusal instanceof Rejected.OutOfBounds r) {
            fields.put("before", r.before().toPlainString());
            fields.put("after", r.after().toPlainString());
            fields.put("limit", r.limit().toPlainString());
        } else if (refusal instanceof Rejected.NotMet r) {
            fields.put("observed", r.observed().toPlainString());
            fields.put("required", r.required().toPlainString());
        } else if (refusal instanceof Rejected.ValueDiffers r) {
            fields.put("observed", r.observed());
            fields.put("required", r.required());
        } else if (refusal instanceof Rejected.VersionDiffers r) {
            fields.put("observed", r.observed());
            fields.put("required", r.required());
        } else if (refusal instanceof Rejected.WrongKind r) {
            fields.put("observed", r.observed().name());
            fields.put("required", r.required().name());
        } else if (refusal instanceof Rejected.UnitDiffers r) {
            fields.put("observed", unit(r.observed()));
            fields.put("required", unit(r.required()));
        } else if (refusal instanceof Rejected.NotZero r) {
            fields.put("observed", r.observed().toPlainString());
        } else if (refusal instanceof Rejected.ReferenceTaken r) {
            fields.put("reference", r.reference());
        } else if (refusal instanceof Rejected.NotReversible r) {
            fields.put("reversed", key(r.reversed()));
        } else if (refusal instanceof Rejected.Declined r) {
            fields.put("code", r.code());
            fields.put("message", r.message());
        }
        return fields;
    }

    /** Written field by field: every update has one of these. */
    private static String entries(Receipt receipt) {
        StringBuilder out = new StringBuilder(200 * receipt.entries().size());
        out.append("{\"entries\":[");
        String separator = "{";
        for (ReceiptEntry entry : receipt.entries()) {
            CellId cell = entry.cell();
            out.append(separator);
            Json.field(out, "account", cell.account().kind()).append(',');
            Json.field(out, "id", cell.account().id()).append(',');
            Json.field(out, "name", cell.name()).append(',');
            Json.field(out, "kind", cell.kind().name()).append(',');
            if (cell instanceof BalanceId balance) {
                Json.field(out, "unit", balance.unit().code()).append(',');
                Json.field(out, "scale", balance.unit().scale()).append(',');
            }
            Json.field(out, "index", entry.index()).append(',');
            Json.field(out, "type", entry.type().name()).append(',');
            Json.field(out, "sequence", entry.sequence()).append(',');
            if (entry instanceof ReceiptEntry.OfBalance e) {
                Json.field(out, "delta", e.delta().toPlainString()).append(',');
                Json.field(out, "after", e.after().toPlainString());
            } else if (entry instanceof ReceiptEntry.OfRegister e) {
                Json.field(out, "after", e.after());
            } else if (entry instanceof ReceiptEntry.OfJournal e) {
                Json.field(out, "count", e.count());
            }
            out.append('}');
            separator = ",{";
        }
        return out.append("]}").toString();
    }

    private static ReceiptEntry entry(Fields f) {
        CellId cell = cell(f);
        int index = (int) f.number("index");
        EntryType type = EntryType.valueOf(f.text("type"));
        long sequence = f.number("sequence");
        if (cell instanceof BalanceId balance) {
            return new ReceiptEntry.OfBalance(index, balance, type, sequence, f.amount("delta"), f.amount("after"));
        }
        return cell instanceof RegisterId register
                ? new ReceiptEntry.OfRegister(index, register, type, sequence, f.text("after"))
                : new ReceiptEntry.OfJournal(index, (JournalId) cell, type, sequence, f.number("count"));
    }

    private static Map<String, @Nullable Object> cell(CellId cell) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("account", cell.account().kind());
        fields.put("id", cell.account().id());
        fields.put("name", cell.name());
        fields.put("kind", cell.kind().name());
        if (cell instanceof BalanceId balance) {
            fields.putAll(unit(balance.unit()));
        }
        return fields;
    }

    private static CellId cell(Fields f) {
        AccountId account = AccountId.of(f.text("account"), f.text("id"));
        String name = f.text("name");
        return switch (CellKind.valueOf(f.text("kind"))) {
            case BALANCE -> account.balance(name, unit(f));
            case REGISTER -> account.register(name);
            case JOURNAL -> account.journal(name);
        };
    }

    private static Map<String, @Nullable Object> unit(Unit unit) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("unit", unit.code());
        fields.put("scale", unit.scale());
        return fields;
    }

    private static Unit unit(Fields f) {
        return Unit.of(f.text("unit"), (int) f.number("scale"));
    }

    private static Map<String, @Nullable Object> key(Key key) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("scope", key.scope());
        fields.put("key", key.value());
        return fields;
    }

    private static Key key(Fields f) {
        return Key.of(f.text("scope"), f.text("key"));
    }

    /** Typed access to the fields of one object. */
    private static final class Fields {
        private final Map<?, ?> map;

        Fields(@Nullable Object object) {
            map = (Map<?, ?>) Objects.requireNonNull(object);
        }

        String text(String name) {
            return (String) Objects.requireNonNull(map.get(name), name);
        }

        long number(String name) {
            return (Long) Objects.requireNonNull(map.get(name), name);
        }

        BigDecimal amount(String name) {
            return new BigDecimal(text(name));
        }

        Fields object(String name) {
            return new Fields(map.get(name));
        }

        @Nullable
        Fields optional(String name) {
            Object object = map.get(name);
            return object == null ? null : new Fields(object);
        }
    }
}

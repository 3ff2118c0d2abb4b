package dev.counterfoil.internal;

import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Operation;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Fingerprint;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints: SHA-256 (FIPS 180-4) of an encoding in which every text comes behind its length, so that no two contents
 * meet. Version 1. The encoding of a version never changes, because fingerprints are kept.
 */
public final class Fingerprints {
    private static final int VERSION = 1;

    private final MessageDigest digest;

    private Fingerprints(String what, String namespace) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        number(VERSION);
        text(what);
        text(namespace);
    }

    /** The fingerprint of an update: everything but its key, metadata, effective time, required versions and retryability. */
    public static Fingerprint of(String namespace, Update update) {
        return new Fingerprint(VERSION, new UpdateContent(namespace, update));
    }

    static String hash(String namespace, Update update) {
        Fingerprints f = new Fingerprints("update", namespace);
        List<Operation> counted =
                update.operations().stream().filter(UpdateContent::counts).toList();
        f.number(counted.size());
        counted.forEach(f::operation);
        f.optional(update.force());
        f.number(update.balanced() ? 1 : 0);
        f.optional(update.reference());
        Key reverses = update.reverses();
        f.optional(reverses == null ? null : reverses.scope());
        f.optional(reverses == null ? null : reverses.value());
        return f.finish();
    }

    /** The fingerprint of a decide: its request text and its cells, which the caller gives in one order. */
    public static Fingerprint of(String namespace, String request, Collection<CellId> cells) {
        Fingerprints f = new Fingerprints("decide", namespace);
        f.text(request);
        f.number(cells.size());
        cells.forEach(f::cell);
        return new Fingerprint(VERSION, f.finish());
    }

    /** The fingerprint of a correction: of what cell, to what (null: to what its entries say), and why. */
    public static Fingerprint of(String namespace, CellId cell, @Nullable String observed, String reason) {
        Fingerprints f = new Fingerprints("correct", namespace);
        f.text(observed == null ? "restore" : "accept");
        f.cell(cell);
        f.optional(observed);
        f.text(reason);
        return new Fingerprint(VERSION, f.finish());
    }

    private void operation(Operation operation) {
        if (operation instanceof Operation.OpenBalance o) {
            tag(o.ifAbsent() ? "openIfAbsent" : "open", o);
            amount(o.first());
            limits(o.limits());
        } else if (operation instanceof Operation.OpenRegister o) {
            tag(o.ifAbsent() ? "openIfAbsent" : "open", o);
            text(o.value());
        } else if (operation instanceof Operation.OpenJournal o) {
            tag(o.ifAbsent() ? "openIfAbsent" : "open", o);
        } else if (operation instanceof Operation.Increment o) {
            tag("increment", o);
            amount(o.amount());
        } else if (operation instanceof Operation.CompareAndSet o) {
            tag("compareAndSet", o);
            text(o.expected());
            text(o.next());
        } else if (operation instanceof Operation.Append o) {
            tag("append", o);
            text(o.payload());
        } else if (operation instanceof Operation.SetLimits o) {
            tag("setLimits", o);
            limits(o.limits());
        } else if (operation instanceof Operation.Close o) {
            tag("close", o);
        } else if (operation instanceof Operation.Reopen o) {
            tag("reopen", o);
        } else if (operation instanceof Operation.RequireAtLeast o) {
            tag("requireAtLeast", o);
            amount(o.amount());
        } else if (operation instanceof Operation.RequireAtMost o) {
            tag("requireAtMost", o);
            amount(o.amount());
        } else if (operation instanceof Operation.RequireValue o) {
            tag("requireValue", o);
            text(o.value());
        } else if (operation instanceof Operation.RequireOpen o) {
            tag("requireOpen", o);
        } else {
            throw new IllegalStateException("an operation without an encoding: " + operation.getClass());
        }
    }

    private void tag(String verb, Operation operation) {
        text(verb);
        cell(operation.cell());
    }

    private void cell(CellId cell) {
        text(cell.kind().name());
        text(cell.account().kind());
        text(cell.account().id());
        text(cell.name());
        if (cell instanceof BalanceId balance) {
            text(balance.unit().code());
            number(balance.unit().scale());
        }
    }

    /** Amounts of operations have their unit's scale, so equal amounts have equal texts. */
    private void amount(BigDecimal amount) {
        text(amount.toPlainString());
    }

    private void limits(Limits limits) {
        BigDecimal minimum = limits.minimum();
        BigDecimal maximum = limits.maximum();
        optional(minimum == null ? null : minimum.toPlainString());
        optional(maximum == null ? null : maximum.toPlainString());
    }

    private void optional(@Nullable String text) {
        if (text == null) {
            number(-1);
        } else {
            text(text);
        }
    }

    private void text(String text) {
        byte[] bytes = Texts.utf8(text);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
    }

    private String finish() {
        return HexFormat.of().formatHex(digest.digest());
    }
}

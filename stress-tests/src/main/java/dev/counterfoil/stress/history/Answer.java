package dev.counterfoil.stress.history;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call was answered.
 *
 * @param type the kind of answer
 * @param decided the decision, for DECIDED, REPLAYED, KEY_REUSED and FOUND
 * @param read what a read saw, for READ
 * @param message the fault's message
 */
record Answer(Type type, @Nullable Decided decided, List<Seen> read, String message) {
    enum Type {
        /** Applied or refused now. */
        DECIDED,
        /** Applied or refused before; this is that answer again. */
        REPLAYED,
        /** The key was used for something else, whose decision comes along. */
        KEY_REUSED,
        /** A look at a key found its decision. */
        FOUND,
        /** A look at a key found nothing. */
        FOUND_NOTHING,
        READ,
        /** A fault that says that this call did nothing. */
        NOT_APPLIED,
        /** A fault that does not know; or no answer, because the caller was killed. */
        UNKNOWN,
        /** What no ledger should answer. */
        BROKEN
    }

    /** Of a call whose caller was killed. */
    static final Answer NONE = new Answer(Type.UNKNOWN, null, List.of(), "no answer");

    static Answer decided(Type type, Decided decided) {
        return new Answer(type, decided, List.of(), "");
    }

    static Answer read(List<Seen> seen) {
        return new Answer(Type.READ, null, seen, "");
    }

    static Answer other(Type type, String message) {
        return new Answer(type, null, List.of(), message);
    }

    /** The decision that the call itself was given, now or again; null where it was given none. */
    @Nullable
    Decided decision() {
        return type == Type.DECIDED || type == Type.REPLAYED ? decided : null;
    }

    /** The decision of its key that it shows; null where it shows none that is kept. */
    @Nullable
    Decided shown() {
        return decided != null && decided.kept() ? decided : null;
    }

    /** True where the call may have changed something that it was not told of. */
    boolean unknown() {
        return type == Type.UNKNOWN || type == Type.BROKEN;
    }

    String text() {
        String rest =
                switch (type) {
                    case DECIDED, REPLAYED, KEY_REUSED, FOUND ->
                        Objects.requireNonNull(decided).text();
                    case READ -> Seen.text(read);
                    default -> message.replaceAll("\\s+", " ");
                };
        return type + "\t" + rest;
    }

    /** From the columns of a line, of which the fourth is the type. */
    static Answer parse(String[] columns) {
        Type type = Type.valueOf(columns[3]);
        return switch (type) {
            case DECIDED, REPLAYED, KEY_REUSED, FOUND -> decided(type, Decided.parse(columns, 4));
            case READ -> read(Seen.parse(columns[4]));
            default -> other(type, columns[4]);
        };
    }
}

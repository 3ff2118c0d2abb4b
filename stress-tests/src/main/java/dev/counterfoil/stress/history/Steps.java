package dev.counterfoil.stress.history;

import dev.counterfoil.BalanceId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an update is to do, as text: steps with {@code "; "} between them. The load sends what the text says, and the checker
 * asks of the entries that they are what the text says.
 *
 * <pre>
 * transfer load/1:money load/2:money 10.00     add load/1:points 5           take load/1:points 5
 * set load/1:status new k17                    append load/1:log text        expect load/1:money 7
 * reference invoice/3                          reverse k17
 * sweep load/1 load/2                          (alone: a decision, see {@link Client})
 * </pre>
 */
final class Steps {
    private Steps() {}

    /**
     * The trace that a step must leave.
     *
     * @param cell the cell
     * @param change the change
     * @param before what a register must have had, or null
     * @param after what a register must have after it, or null
     * @param payload what a journal's record must be, or null
     */
    record Effect(
            String cell,
            String change,
            @Nullable String before,
            @Nullable String after,
            @Nullable String payload) {}

    static Stream<String[]> split(String content) {
        return Stream.of(content.split("; ", -1)).map(step -> step.split(" ", -1));
    }

    /** True where the content is a decision, whose entries nobody knows beforehand. */
    static boolean isSweep(String content) {
        return content.startsWith("sweep ");
    }

    /** The words behind the first step of this verb, or null where there is none. */
    static @Nullable String argument(String content, String verb) {
        return split(content)
                .filter(words -> words[0].equals(verb))
                .map(words -> words[1])
                .findFirst()
                .orElse(null);
    }

    /** The update that the content says, ready to be sent. */
    static Update update(String key, String content, Function<String, Receipt> receipts) {
        String reversed = argument(content, "reverse");
        Update.Builder update = reversed == null ? Update.of(key) : Update.reversalOf(key, receipts.apply(reversed));
        split(content).forEach(words -> add(update, words));
        return update.build();
    }

    private static void add(Update.Builder update, String[] words) {
        switch (words[0]) {
            case "transfer" -> update.transfer(balance(words[1]), balance(words[2]), words[3]);
            case "add" -> update.add(balance(words[1]), words[2]);
            case "take" -> update.take(balance(words[1]), words[2]);
            case "set" -> update.compareAndSet((RegisterId) World.cell(words[1]), words[2], words[3]);
            case "append" -> update.append((JournalId) World.cell(words[1]), words[2]);
            case "expect" -> update.requireVersion(World.cell(words[1]), Long.parseLong(words[2]));
            case "reference" -> update.reference(words[1]);
            case "reverse" -> {}
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static BalanceId balance(String cell) {
        return (BalanceId) World.cell(cell);
    }

    /**
     * The traces that the content must leave, in order.
     *
     * @param content the content
     * @param entries the entries of another key, for a reversal
     */
    static List<Effect> effects(String content, Function<String, List<Trace>> entries) {
        List<Effect> effects = new ArrayList<>();
        split(content).forEach(words -> {
            switch (words[0]) {
                case "transfer" -> {
                    effects.add(moved(words[1], new BigDecimal(words[3]).negate()));
                    effects.add(moved(words[2], new BigDecimal(words[3])));
                }
                case "add" -> effects.add(moved(words[1], new BigDecimal(words[2])));
                case "take" -> effects.add(moved(words[1], new BigDecimal(words[2]).negate()));
                case "set" -> effects.add(new Effect(words[1], "set", words[2], words[3], null));
                case "append" -> effects.add(new Effect(words[1], "append", null, null, words[2]));
                case "reverse" -> effects.addAll(reversed(entries.apply(words[1])));
                default -> {}
            }
        });
        return effects;
    }

    private static Effect moved(String cell, BigDecimal amount) {
        return new Effect(cell, amount.toPlainString(), null, null, null);
    }

    private static List<Effect> reversed(List<Trace> entries) {
        List<Effect> effects = new ArrayList<>();
        for (Trace entry : entries) {
            if (World.cell(entry.cell()) instanceof BalanceId) {
                effects.add(moved(entry.cell(), new BigDecimal(entry.change()).negate()));
            }
        }
        Collections.reverse(effects);
        return effects;
    }
}

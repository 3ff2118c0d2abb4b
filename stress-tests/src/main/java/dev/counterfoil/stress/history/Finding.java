package dev.counterfoil.stress.history;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A promise that was broken, with what shows it.
 *
 * @param rule the promise
 * @param what what is wrong
 * @param keys the keys of the updates
 * @param cells the cells
 * @param lines the lines of the history, as {@code file:line}
 */
public record Finding(Rule rule, String what, List<String> keys, List<String> cells, List<String> lines) {
    /** What a ledger promises. */
    public enum Rule {
        /** The entries of a cell are numbered 1, 2, 3 … without a gap, and begin with its opening. */
        SEQUENCE_GAP,
        /** An entry's value is the value before it and its change. */
        WRONG_SUM,
        /** A cell is what its entries make. */
        CELL_IS_NOT_ITS_ENTRIES,
        /** A decrease never ends below the minimum, an increase never above the maximum. */
        LIMIT_PASSED,
        /** The recorded times of a cell never go back. */
        TIME_WENT_BACK,
        /** An entry has the time that its receipt says. */
        TIME_DIFFERS,
        /** What was acknowledged is there. */
        LOST,
        /** An update is there with all of its entries or with none. */
        PARTIAL,
        /** An update takes effect once, and nothing is there that its receipt does not show. */
        DOUBLED,
        /** A key is decided once. */
        DECIDED_TWICE,
        /** The same key gets the same answer, for ever. */
        ANSWER_CHANGED,
        /** Another content under a used key is told so, and the same content is not. */
        CONTENT_CONFUSED,
        /** What is there was sent by somebody. */
        STRANGER,
        /** What was refused is not there. */
        REFUSED_IS_THERE,
        /** What was answered as not applied is not there. */
        NOT_APPLIED_IS_THERE,
        /** The entries are what the update said, each from the state that it asked for. */
        NOT_AS_ASKED,
        /** One applied update holds a reference, and who is refused for it is told which. */
        REFERENCE_TWICE,
        /** An update is reversed once. */
        REVERSED_TWICE,
        /** What was seen of a cell, by a read, a decision or a refusal, is what the cell was at that version. */
        SEEN_BUT_NEVER_THERE,
        /** A refusal for limits is right: what was observed would have passed them. */
        REFUSED_WITHOUT_CAUSE,
        /** The sum of all money is the same in each read of all of it. */
        TOTAL_CHANGED,
        /** All cells agree on the order of the updates. */
        NO_COMMON_ORDER,
        /** A read, a decision or a refusal saw one state of all that it looked at. */
        TORN_READ,
        /** What was sent after another update was answered comes after it. */
        REAL_TIME_BROKEN,
        /** What looked after an update was answered sees it; what was answered before it was sent does not. */
        STALE_READ,
        /** A call is answered as the interface says. */
        BROKEN_ANSWER
    }

    static Finding of(Rule rule, String what, Collection<String> cells, Collection<Call> calls) {
        Stream<String> keys = calls.stream().map(Call::key).filter(key -> !key.isEmpty());
        return new Finding(
                rule,
                what,
                keys.distinct().toList(),
                List.copyOf(cells),
                calls.stream().map(Call::line).toList());
    }

    @Override
    public String toString() {
        return rule + ": " + what + " | keys " + keys + " | cells " + cells + " | lines " + lines;
    }
}

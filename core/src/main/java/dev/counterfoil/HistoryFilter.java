package dev.counterfoil;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a history are wanted: those that meet all of it.
 *
 * @param from the first recorded time that is wanted, or null for all up to {@code to}
 * @param to the first recorded time that is not wanted any more, or null for all from {@code from} on
 * @param types the types that are wanted; empty for all
 * @param forcedOnly true for entries of a balance that passed a limit by force, and no others
 */
public record HistoryFilter(
        @Nullable Instant from, @Nullable Instant to, Set<EntryType> types, boolean forcedOnly) {
    private static final HistoryFilter ALL = new HistoryFilter(null, null, Set.of(), false);

    /** Checks the order of the times, and copies the types. */
    public HistoryFilter {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("from " + from + " to " + to + ": must end after it begins");
        }
        types = Set.copyOf(types);
    }

    /** All entries. */
    public static HistoryFilter all() {
        return ALL;
    }

    /** The same, of what was recorded in a period only. */
    public HistoryFilter within(Period period) {
        return new HistoryFilter(period.from(), period.to(), types, forcedOnly);
    }

    /** The same, of what was recorded at this time or later. */
    public HistoryFilter withFrom(Instant time) {
        return new HistoryFilter(Objects.requireNonNull(time, "time"), to, types, forcedOnly);
    }

    /** The same, of what was recorded before this time. */
    public HistoryFilter withTo(Instant time) {
        return new HistoryFilter(from, Objects.requireNonNull(time, "time"), types, forcedOnly);
    }

    /** The same, of these types only. */
    public HistoryFilter withTypes(EntryType first, EntryType... others) {
        return new HistoryFilter(from, to, EnumSet.of(first, others), forcedOnly);
    }

    /** The same, of a balance's entries that passed a limit by force only. */
    public HistoryFilter withForcedOnly() {
        return new HistoryFilter(from, to, types, true);
    }

    /** True for an entry that is wanted. */
    public boolean matches(Entry entry) {
        return (from == null || !entry.recordedAt().isBefore(from))
                && (to == null || entry.recordedAt().isBefore(to))
                && (types.isEmpty() || types.contains(entry.type()))
                && (!forcedOnly || isForced(entry));
    }

    /** A correction has its reason in the same place. */
    private static boolean isForced(Entry entry) {
        return entry instanceof BalanceEntry balance
                && balance.forced() != null
                && balance.type() != EntryType.RESTORE
                && balance.type() != EntryType.ACCEPT;
    }
}

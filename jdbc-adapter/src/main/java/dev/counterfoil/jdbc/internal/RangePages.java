package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.AuditStore.EntryRange;
import dev.counterfoil.spi.EntryRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts ranges of entries into what one statement gives: few reads do where none is missing, and where some are it goes on behind
 * the last that it got.
 */
final class RangePages {
    private final List<EntryRange> ranges;
    private final int limit;
    private final int mostAtOnce;

    RangePages(List<EntryRange> ranges, int limit, int mostAtOnce) {
        this.ranges = ranges;
        this.limit = limit;
        this.mostAtOnce = mostAtOnce;
    }

    /** Some of a range: at most so many from its beginning. */
    record Part(EntryRange range, int most) {}

    /** Reads parts of ranges, in their order and by sequence: at most so many rows in all. */
    interface Reader {
        List<EntryRow> read(List<Part> parts, int room) throws SQLException;
    }

    /** How many rows to reckon with; where there is no end, who asks wants to know whether there are any, and expects none. */
    private static long expected(EntryRange range) {
        return range.upTo() == Long.MAX_VALUE ? 0 : AuditRows.width(range);
    }

    List<EntryRow> read(Reader reader) throws SQLException {
        List<EntryRow> found = new ArrayList<>();
        int next = 0;
        long after = -1;
        while (next < ranges.size() && found.size() < limit) {
            int room = limit - found.size();
            List<Part> parts = new ArrayList<>();
            long planned = 0;
            boolean cut = false;
            while (next < ranges.size() && planned < room && parts.size() < mostAtOnce && !cut) {
                EntryRange range = ranges.get(next);
                EntryRange rest = after < 0 ? range : new EntryRange(range.cellId(), after, range.upTo());
                after = -1;
                next++;
                long width = expected(rest);
                cut = width > room - planned;
                // One that is not cut may have more rows than it should.
                parts.add(new Part(rest, cut ? (int) (room - planned) : room));
                planned += width;
            }
            List<EntryRow> rows = reader.read(parts, room);
            found.addAll(rows);
            if (cut && found.size() < limit) {
                next--;
                after = lastOf(ranges.get(next), parts.get(parts.size() - 1), rows);
                if (after < 0) {
                    next++;
                }
            }
        }
        return found;
    }

    /** Where a part ended that was full; -1 where it gave less, and so all that there is. */
    private static long lastOf(EntryRange range, Part part, List<EntryRow> rows) {
        long given = rows.stream().filter(row -> row.cellId() == range.cellId()).count();
        return given < part.most() ? -1 : rows.get(rows.size() - 1).sequence();
    }
}

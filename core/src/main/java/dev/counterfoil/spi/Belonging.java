package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.Unit;
import dev.counterfoil.spi.DecisionCheck.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Looks for entries that no decision says it left. Used by one thread at a time. */
final class Belonging {
    private final DecisionRows decisions;

    Belonging(DecisionRows decisions) {
        this.decisions = decisions;
    }

    /** An entry with its cell. */
    record Row(CellFold fold, CellRow cell, EntryRow entry) {
        /** Null where the names of the cell cannot be read. */
        @Nullable
        Place place() {
            try {
                return new Place(AccountId.of(cell.accountKind(), cell.accountId()), cell.name(), entry.sequence());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private Finding finding(@Nullable String observed) {
            return fold.finding(FindingType.ENTRY_WITHOUT_DECISION, entry, null, observed);
        }
    }

    /** True unless the decision speaks of a balance that counts another unit. */
    private static boolean counts(ReceiptEntry entry, @Nullable Unit unit) {
        return unit == null
                || !(entry instanceof ReceiptEntry.OfBalance balance)
                || balance.cell().unit().equals(unit);
    }

    /**
     * The entries that no decision says it left.
     *
     * @param rows the entries
     * @param page is handed the decisions of the entries, with the entries by their places
     */
    List<Finding> without(List<Row> rows, BiConsumer<List<DecisionRow>, Map<Place, EntryRow>> page) {
        List<Finding> found = new ArrayList<>();
        Map<Place, EntryRow> byPlace = new HashMap<>();
        Map<Place, Unit> units = new HashMap<>();
        Set<Long> ids = new LinkedHashSet<>();
        for (Row row : rows) {
            String outcome = row.entry().outcome();
            if (DecisionCheck.APPLIED.equals(outcome)) {
                ids.add(row.entry().decisionId());
            } else {
                found.add(row.finding(outcome == null ? "no decision" : "outcome " + outcome));
            }
            Place place = row.place();
            if (place != null) {
                byPlace.put(place, row.entry());
                Unit unit = CellFold.unit(row.cell());
                if (unit != null) {
                    units.put(place, unit);
                }
            }
        }
        Map<Long, Set<Place>> left = new HashMap<>();
        Set<Long> silent = new HashSet<>();
        decisions.read(ids, some -> {
            for (DecisionRow decision : some) {
                Set<Place> places = left.computeIfAbsent(decision.id(), unused -> new HashSet<>());
                for (ReceiptEntry entry : DecisionCheck.left(decision)) {
                    Place place = Place.of(entry);
                    if (byPlace.containsKey(place) && counts(entry, units.get(place))) {
                        places.add(place);
                    }
                }
                if (decision.entries() == null) {
                    silent.add(decision.id());
                }
            }
            page.accept(some, byPlace);
        });
        for (Row row : rows) {
            long id = row.entry().decisionId();
            if (ids.contains(id) && !silent.contains(id)) {
                Set<Place> places = left.get(id);
                Place place = row.place();
                if (places == null) {
                    found.add(row.finding("no decision"));
                } else if (place != null && !places.contains(place)) {
                    found.add(row.finding("a decision that does not say so"));
                }
            }
        }
        return found;
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.spi.AuditStore.EntryPlace;
import dev.counterfoil.spi.DecisionCheck.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads decisions, and the entries that they say they left, in pages. Used by one thread at a time. */
final class DecisionRows {
    /** The most entries of registers, whose texts may be long, that are read in one call. */
    private static final int TEXTS = 250;

    private static final int PLACES = 1000;

    private final String namespace;
    private final AuditCalls calls;
    private final PageSize pages = new PageSize(50, 200);

    DecisionRows(String namespace, AuditCalls calls) {
        this.namespace = namespace;
        this.calls = calls;
    }

    /** The next decisions in the order of their keys; empty at the end. */
    List<DecisionRow> behind(@Nullable DecisionRow last) {
        int limit = pages.rows();
        List<DecisionRow> rows = calls.read((store, deadline) -> store.decisionRows(namespace, last, limit, deadline));
        pages.had(rows.size(), characters(rows));
        return rows;
    }

    /** Hands on the decisions with these surrogate ids, as far as they are there. */
    void read(Collection<Long> ids, Consumer<List<DecisionRow>> page) {
        List<Long> all = List.copyOf(ids);
        int from = 0;
        while (from < all.size()) {
            List<Long> some = all.subList(from, Math.min(all.size(), from + pages.rows()));
            List<DecisionRow> rows = calls.read((store, deadline) -> store.decisionRows(some, deadline));
            pages.had(rows.size(), characters(rows));
            from += some.size();
            page.accept(rows);
        }
    }

    private static long characters(List<DecisionRow> rows) {
        long characters = 0;
        for (DecisionRow row : rows) {
            for (ReceiptEntry entry : DecisionCheck.left(row)) {
                characters += 200
                        + (entry instanceof ReceiptEntry.OfRegister register
                                ? register.after().length()
                                : 0);
            }
        }
        return characters;
    }

    /** Adds the entries that decisions say they left to those that are known, by their places. */
    void entriesOf(Collection<DecisionRow> decisions, Map<Place, EntryRow> known) {
        Map<Place, EntryPlace> asked = new HashMap<>();
        int texts = 0;
        for (DecisionRow decision : decisions) {
            for (ReceiptEntry entry : DecisionCheck.left(decision)) {
                Place place = Place.of(entry);
                if (!known.containsKey(place)
                        && asked.put(place, new EntryPlace(entry.cell(), entry.sequence())) == null) {
                    texts += entry instanceof ReceiptEntry.OfRegister ? 1 : 0;
                }
                if (asked.size() == PLACES || texts == TEXTS) {
                    ask(asked, known);
                    asked.clear();
                    texts = 0;
                }
            }
        }
        ask(asked, known);
    }

    private void ask(Map<Place, EntryPlace> asked, Map<Place, EntryRow> known) {
        if (asked.isEmpty()) {
            return;
        }
        List<Place> places = new ArrayList<>(asked.keySet());
        List<EntryPlace> wanted = places.stream().map(asked::get).toList();
        List<@Nullable EntryRow> rows = calls.read((store, deadline) -> store.entryRowsAt(namespace, wanted, deadline));
        for (int i = 0; i < places.size(); i++) {
            EntryRow row = rows.get(i);
            if (row != null) {
                known.put(places.get(i), row);
            }
        }
    }
}

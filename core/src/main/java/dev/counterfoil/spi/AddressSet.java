package dev.counterfoil.spi;

import dev.counterfoil.Operation;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The cells of an update in the order of locking, each once: a list, because most updates have few. Immutable. */
@SuppressWarnings("JdkObsolete") // SortedSet is the type of the port
final class AddressSet extends AbstractSet<CellAddress> implements SortedSet<CellAddress> {
    private final List<CellAddress> sorted;

    private AddressSet(List<CellAddress> sorted) {
        this.sorted = sorted;
    }

    /** The cells that operations address. */
    static AddressSet of(String namespace, List<Operation> operations) {
        CellAddress[] all = new CellAddress[operations.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = CellAddress.of(namespace, operations.get(i).cell());
        }
        Arrays.sort(all);
        int distinct = 0;
        for (CellAddress address : all) {
            if (distinct == 0 || !address.equals(all[distinct - 1])) {
                all[distinct++] = address;
            }
        }
        return new AddressSet(List.of(distinct == all.length ? all : Arrays.copyOf(all, distinct)));
    }

    @Override
    public int size() {
        return sorted.size();
    }

    @Override
    public Iterator<CellAddress> iterator() {
        return sorted.iterator();
    }

    @Override
    public boolean contains(@Nullable Object other) {
        return other instanceof CellAddress address && Collections.binarySearch(sorted, address) >= 0;
    }

    @Override
    public CellAddress first() {
        return sorted.get(0);
    }

    @Override
    public CellAddress last() {
        return sorted.get(sorted.size() - 1);
    }

    @Override
    public @Nullable Comparator<? super CellAddress> comparator() {
        return null;
    }

    @Override
    public SortedSet<CellAddress> subSet(CellAddress from, CellAddress to) {
        return new TreeSet<>(this).subSet(from, to);
    }

    @Override
    public SortedSet<CellAddress> headSet(CellAddress to) {
        return new TreeSet<>(this).headSet(to);
    }

    @Override
    public SortedSet<CellAddress> tailSet(CellAddress from) {
        return new TreeSet<>(this).tailSet(from);
    }
}

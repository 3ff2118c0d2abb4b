package dev.counterfoil.memory;

import dev.counterfoil.Key;
import dev.counterfoil.spi.PruneStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept under each key, for ever: {@link #putIfAbsent} is the arbiter of who has a key. Safe for use by many threads.
 *
 * <p>Not a {@link java.util.concurrent.ConcurrentHashMap}: that has an object more for each key, and makes most of them anew
 * each time that it grows, which was a third of the time of a transfer.
 */
final class Decisions {
    /** A power of two: so many threads can be here at once. */
    private static final int PARTS = 64;

    private final Part[] parts = new Part[PARTS];

    Decisions() {
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part();
        }
    }

    @Nullable
    Kept get(Key key) {
        int hash = hash(key);
        Part part = part(hash);
        part.lock.lock();
        try {
            return part.kept[part.place(hash, key)];
        } finally {
            part.lock.unlock();
        }
    }

    /** Keeps it, unless there is something under the key: then that stays, and is given back. */
    @Nullable
    Kept putIfAbsent(Key key, Kept kept) {
        int hash = hash(key);
        Part part = part(hash);
        part.lock.lock();
        try {
            int place = part.place(hash, key);
            Kept earlier = part.kept[place];
            if (earlier == null) {
                part.put(place, hash, kept);
            }
            return earlier;
        } finally {
            part.lock.unlock();
        }
    }

    /** All keys, in no order. */
    List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (Part part : parts) {
            part.lock.lock();
            try {
                for (Kept kept : part.kept) {
                    if (kept != null) {
                        keys.add(kept.key());
                    }
                }
            } finally {
                part.lock.unlock();
            }
        }
        return keys;
    }

    /** Takes the details of what was recorded before a time: a step looks at whole parts, one or more. */
    PruneStep.Done prune(PruneStep step, Instant clock) {
        long count = 0;
        int looked = 0;
        for (int i = step.after() == null ? 0 : (hash(step.after()) >>> 26) + 1; i < PARTS; i++) {
            List<Kept> all = parts[i].all();
            for (Kept old : all) {
                boolean due = old.hasDetails() && old.recordedAt().isBefore(step.recordedBefore());
                // The tombstone is made outside of the lock, because it takes a hash.
                if (due && replace(old, Tombstone.of(old.decision(step.namespace())))) {
                    count++;
                }
            }
            looked += all.size();
            if (looked >= step.limit()) {
                return new PruneStep.Done(clock, count, all.get(0).key());
            }
        }
        return new PruneStep.Done(clock, count, null);
    }

    private boolean replace(Kept old, Kept left) {
        int hash = hash(old.key());
        return part(hash).replace(hash, old, left);
    }

    private Part part(int hash) {
        return parts[hash >>> 26];
    }

    /** Not zero; spread over all bits, because keys that are numbered have hashes that follow each other. */
    private static int hash(Key key) {
        int product = key.hashCode() * 0x9E3779B9;
        int hash = product ^ product >>> 15;
        return hash == 0 ? 1 : hash;
    }

    /** A hash table: from its first place on, a key is looked for until there is nothing. Guarded by its lock. */
    private static final class Part {
        final ReentrantLock lock = new ReentrantLock();

        /** Zero where nothing is kept. Apart from what is, which is far away in memory and seldom looked at. */
        private int[] hashes = new int[16];

        @Nullable
        Kept[] kept = new Kept[16];

        private int size;

        /** Where the key is, or where it can be put. */
        int place(int hash, Key key) {
            int last = hashes.length - 1;
            int i = hash & last;
            while (hashes[i] != 0 && !(hashes[i] == hash && isOf(key, kept[i]))) {
                i = i + 1 & last;
            }
            return i;
        }

        List<Kept> all() {
            lock.lock();
            try {
                return Arrays.stream(kept).flatMap(Stream::ofNullable).toList();
            } finally {
                lock.unlock();
            }
        }

        boolean replace(int hash, Kept old, Kept left) {
            lock.lock();
            try {
                int place = place(hash, old.key());
                boolean there = kept[place] == old;
                if (there) {
                    kept[place] = left;
                }
                return there;
            } finally {
                lock.unlock();
            }
        }

        private static boolean isOf(Key key, @Nullable Kept kept) {
            return kept != null && kept.key().equals(key);
        }

        void put(int place, int hash, Kept decision) {
            kept[place] = decision;
            hashes[place] = hash;
            size++;
            if (size > kept.length / 4 * 3) {
                grow();
            }
        }

        private void grow() {
            int[] oldHashes = hashes;
            Kept[] oldKept = kept;
            int[] newHashes = new int[2 * oldKept.length];
            @Nullable Kept[] newKept = new Kept[2 * oldKept.length];
            int last = newKept.length - 1;
            for (int from = 0; from < oldKept.length; from++) {
                if (oldHashes[from] != 0) {
                    int to = oldHashes[from] & last;
                    while (newHashes[to] != 0) {
                        to = to + 1 & last;
                    }
                    newKept[to] = oldKept[from];
                    newHashes[to] = oldHashes[from];
                }
            }
            hashes = newHashes;
            kept = newKept;
        }
    }
}

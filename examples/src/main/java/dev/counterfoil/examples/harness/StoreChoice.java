package dev.counterfoil.examples.harness;

import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.memory.MemoryLedger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The stores that the examples run on. Another database is one more constant here, and its driver in the pom. */
public enum StoreChoice {
    /** A database file: the default. */
    SQLITE {
        @Override
        public Ledger freshLedger(Path directory) {
            return JdbcLedger.open("jdbc:sqlite:" + directory.resolve("books.db"));
        }

        @Override
        public PlainTable freshTable(Path directory) {
            // What a careful application sets: a log that readers do not block, and patience with other writers.
            return new PlainDatabase("jdbc:sqlite:" + directory.resolve("plain.db")
                    + "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=30000");
        }
    },

    /** The memory of this process. */
    MEMORY {
        @Override
        public Ledger freshLedger(Path directory) {
            return MemoryLedger.create();
        }

        @Override
        public PlainTable freshTable(Path directory) {
            return new PlainMap();
        }
    };

    /** An empty ledger, with its files, if any, in an empty directory. */
    public abstract Ledger freshLedger(Path directory);

    /** An empty plain table on the same kind of store. */
    public abstract PlainTable freshTable(Path directory);

    /** The store of this name, in any case. */
    public static StoreChoice named(String name) {
        return Arrays.stream(values())
                .filter(choice -> choice.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown store '" + name + "': known are "
                        + Arrays.stream(values()).map(StoreChoice::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

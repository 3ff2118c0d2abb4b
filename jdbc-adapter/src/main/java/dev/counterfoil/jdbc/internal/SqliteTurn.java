package dev.counterfoil.jdbc.internal;

import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.StoreException;
import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The turn to write to an SQLite file, and the care for its write-ahead log that somebody has to take. */
public final class SqliteTurn implements WriteTurn {
    private static final long COMMITS_BETWEEN_LOOKS = 64;
    private static final long LARGE_LOG = 64L * 1024 * 1024;

    private static final String GONE = "gone";

    private final Turnstile turnstile;
    private final Path database;
    private final Object identity;
    private final Path log;
    private final AtomicLong commits = new AtomicLong();

    /** The turn to write to a database file. */
    public SqliteTurn(Path database) {
        this.turnstile = Turnstile.of(database);
        this.database = database;
        this.identity = identity(database);
        this.log = database.resolveSibling(database.getFileName() + "-wal");
    }

    @Override
    public Pass enter(Deadline deadline) throws StoreException {
        Turnstile.Pass pass = await(deadline);
        if (identity(database).equals(identity)) {
            return pass::close;
        }
        pass.close();
        // SQLite would go on writing to the file that has no name any more, and lose it all with the last connection.
        throw new StoreException(
                Phase.ACQUIRE,
                Trouble.PERMANENT,
                "the file " + database + " was deleted or replaced after it was opened; open the ledger again",
                null);
    }

    private Turnstile.Pass await(Deadline deadline) throws StoreException {
        try {
            return turnstile.enter(deadline.remainingNanos());
        } catch (TimeoutException e) {
            throw new StoreException(Phase.ACQUIRE, Trouble.TRANSIENT, "the turn to write did not come in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    Phase.ACQUIRE, Trouble.PERMANENT, "interrupted while waiting for the turn to write", e);
        }
    }

    /** What tells a file from another of its name; it never opens the file, because closing it would drop SQLite's locks. */
    private static Object identity(Path file) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? "" : key;
        } catch (IOException e) {
            return GONE;
        }
    }

    /** Empties a log that readers have kept from being reused; it would grow for ever under steady traffic. */
    @Override
    public void committed(Connection connection) throws SQLException {
        if (commits.incrementAndGet() % COMMITS_BETWEEN_LOOKS == 0 && size(log) > LARGE_LOG) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 0");
                statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        turnstile.close();
    }
}

package dev.counterfoil.jdbc.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One user's share in the queue of all threads and processes that write to one SQLite file.
 *
 * <p>SQLite has a single writer, and whoever finds it busy polls: a process that writes without a pause starves the
 * others. Who enters here before {@code BEGIN IMMEDIATE} and closes the pass after {@code COMMIT} takes turns instead.
 * Threads of this JVM come first in, first out; processes alternate, by locks in the file {@code <database>-lock},
 * which is created beside the database and stays there. A process that dies gives its turn back by dying; one that is
 * only stopped (in a debugger, say) keeps its place, and those behind it time out.
 *
 * <p>A turn brings fairness; the database's own lock still brings correctness, and who has timed out may as well try its
 * luck there. Where the file cannot be locked (say, in
 * a read-only directory) that is logged once, and from then on only the threads of this JVM take turns.
 *
 * <p>All paths and symbolic links to one file share one queue; hard links do not, as SQLite forbids them too. Instances
 * are safe for use by several threads.
 */
public final class Turnstile implements AutoCloseable {

    /** The right to write until it is closed. */
    public interface Pass extends AutoCloseable {

        /**
         * Gives the turn back: from any thread, even an interrupted one; once however often it is called; it neither
         * waits for anyone nor throws.
         */
        @Override
        void close();
    }

    /** Static, because the kernel keeps file locks per process: closing a second channel would drop the first's. */
    private static final ConcurrentMap<Path, TurnQueue> QUEUES = new ConcurrentHashMap<>();

    private static final int MAX_LINKS = 40;

    private final Path file;
    private final TurnQueue queue;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Turnstile(Path file, TurnQueue queue) {
        this.file = file;
        this.queue = queue;
    }

    /**
     * The turnstile of a database file, which need not exist yet; each caller closes what it got.
     *
     * @param databaseFile the database file, by any path
     * @return a new share in the file's queue
     */
    public static Turnstile of(Path databaseFile) {
        Path file = identity(databaseFile);
        TurnQueue queue = QUEUES.compute(file, (same, present) -> {
            if (present != null) {
                if (present.join()) {
                    return present;
                }
                // Its last user has just left. Its channel must be closed before another one is opened.
                present.end();
            }
            return new TurnQueue(same);
        });
        return new Turnstile(file, queue);
    }

    /**
     * Waits until it is this caller's turn among threads and processes.
     *
     * @param timeoutNanos how long to wait, in nanoseconds; with 0 or less only a turn that is free is taken
     * @return the turn, to be closed by the caller
     * @throws InterruptedException if the thread is interrupted before its turn; it has no turn then
     * @throws TimeoutException if the turn did not come in time; it has no turn then
     * @throws IllegalStateException if this turnstile is closed
     */
    public Pass enter(long timeoutNanos) throws InterruptedException, TimeoutException {
        if (!open.get() || !queue.join()) {
            throw new IllegalStateException("the turnstile of " + file + " is closed");
        }
        boolean entered = false;
        try {
            Pass pass = queue.enter(timeoutNanos, this::leave);
            entered = true;
            return pass;
        } finally {
            if (!entered) {
                leave();
            }
        }
    }

    /**
     * Ends this share: it gives no more turns. Turns that are held or waited for run to their end; after the last of
     * them, and the last share, the lock file is closed and its thread has ended.
     */
    @Override
    public void close() {
        if (open.getAndSet(false)) {
            leave();
        }
    }

    private void leave() {
        if (queue.leave()) {
            queue.end();
            QUEUES.remove(file, queue);
        }
    }

    /** One path for each file, whichever links lead to it. */
    private static Path identity(Path databaseFile) {
        Path path = databaseFile.toAbsolutePath();
        try {
            for (int links = 0; links < MAX_LINKS; links++) {
                if (Files.exists(path)) {
                    return path.toRealPath();
                }
                if (!Files.isSymbolicLink(path)) {
                    break;
                }
                // The link waits for its file, which SQLite will create at the other end.
                path = path.resolveSibling(Files.readSymbolicLink(path));
            }
            Path parent = path.getParent();
            Path name = path.getFileName();
            if (parent != null && name != null) {
                return parent.toRealPath().resolve(name);
            }
        } catch (IOException unreachable) {
            // Then no database can be opened there either; the lock file will fail to open and say why.
        }
        return path.normalize();
    }
}

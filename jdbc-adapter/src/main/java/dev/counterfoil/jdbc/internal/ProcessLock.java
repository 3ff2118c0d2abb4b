package dev.counterfoil.jdbc.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock that one process at a time holds on a database, kept in a file beside it.
 *
 * <p>The first bytes of the file are the places of a queue, and the last of them is the turn. A process locks the first
 * byte, then each next one before it unlocks the one behind: nobody overtakes. Only the first place is won by whoever
 * asks first, as the kernel wakes those who wait for it but keeps nothing for them; so who has just been served could
 * slip in again. While no more processes write than there are places, it finds the first place taken, and they write in
 * strict rotation.
 *
 * <p>Waiting in the kernel knows no deadline, and an interrupt of it closes the channel. So a thread of its own waits
 * there. A caller that gives up leaves its request behind: the next caller inherits it, or the thread gives the lock
 * back as soon as it comes. What never waits (trying, releasing) is no interruptible operation of the channel: callers
 * do that themselves, and a lock that is free changes hands without a change of threads.
 *
 * <p>At most one thread at a time may acquire or hold; {@link TurnQueue} sees to that.
 */
final class ProcessLock {

    private static final Logger LOG = LoggerFactory.getLogger(Turnstile.class);

    /** The last place of the queue, the turn; the places are bytes 0, 1, 2 and 3 of the file. */
    private static final long TURN = 3;

    private enum State {
        /** The file is not open yet. */
        OPENING,
        /** Nobody here holds anything. */
        FREE,
        /** The thread waits in the kernel, for a caller or for one that has given up. */
        ASKING,
        /** A caller has it. */
        HELD,
        /** The file cannot be locked: everyone has it. */
        ABSENT
    }

    private final Path file;
    private final Thread thread;
    private volatile boolean ended;

    // Guards all below, except that the place belongs to the thread while it is asking.
    private final ReentrantLock guard = new ReentrantLock();
    private final Condition asked = guard.newCondition();
    private final Condition answered = guard.newCondition();
    private State state = State.OPENING;
    private boolean wanted;
    private @Nullable FileChannel channel;
    private @Nullable FileLock place;

    ProcessLock(Path databaseFile) {
        this.file = databaseFile.resolveSibling(databaseFile.getFileName() + "-lock");
        this.thread = new Thread(null, this::serve, "counterfoil-" + file.getFileName(), 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the lock; false if it did not come in time. */
    boolean acquire(long timeoutNanos) throws InterruptedException {
        long left = timeoutNanos;
        guard.lock();
        try {
            if (state == State.FREE) {
                takeIfFree();
                if (state == State.FREE) {
                    if (left <= 0) {
                        giveBackOrGoWithout();
                        return false;
                    }
                    state = State.ASKING;
                    asked.signal();
                }
            }
            wanted = true;
            while (state == State.OPENING || state == State.ASKING) {
                if (left <= 0) {
                    return false;
                }
                left = answered.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            if (state == State.OPENING || state == State.ASKING) {
                throw e;
            }
            // It came together with the interrupt: take it, and leave the interrupt for whoever waits next.
            Thread.currentThread().interrupt();
            return true;
        } finally {
            wanted = false;
            guard.unlock();
        }
    }

    /** Gives the lock back; never waits for another process, never throws. */
    void release() {
        guard.lock();
        try {
            if (state == State.HELD) {
                state = State.FREE;
                giveBackOrGoWithout();
            }
        } finally {
            guard.unlock();
        }
    }

    /** Closes the file and ends the thread, wherever it waits. Nobody may hold the lock or wait for it any more. */
    void end() {
        ended = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeIfFree() {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            while (beforeTurn()) {
                FileLock ahead = open.tryLock(nextPlace(), 1, false);
                if (ahead == null) {
                    return;
                }
                moveTo(ahead);
            }
            state = State.HELD;
        } catch (IOException | RuntimeException e) {
            goWithout(e);
        }
    }

    /** The thread's life. */
    private void serve() {
        try (FileChannel opened = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            opened(opened);
            while (!ended) {
                try {
                    awaitRequest();
                    waitInKernel(opened);
                    answer();
                } catch (InterruptedException e) {
                    // From end(), or from a stranger, and then the loop goes on.
                } catch (IOException | RuntimeException e) {
                    goWithout(e);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            goWithout(e);
        }
    }

    private void opened(FileChannel opened) {
        guard.lock();
        try {
            channel = opened;
            state = wanted ? State.ASKING : State.FREE;
        } finally {
            guard.unlock();
        }
    }

    private void awaitRequest() throws InterruptedException {
        guard.lock();
        try {
            while (state != State.ASKING) {
                asked.await();
            }
        } finally {
            guard.unlock();
        }
    }

    private void waitInKernel(FileChannel open) throws IOException, InterruptedException {
        while (beforeTurn()) {
            moveTo(waitFor(open, nextPlace()));
        }
    }

    private static FileLock waitFor(FileChannel open, long position) throws IOException, InterruptedException {
        while (true) {
            try {
                return open.lock(position, 1, false);
            } catch (IOException e) {
                // The kernel takes a process for one thread: if two processes that write to two databases wait for each
                // other's turns, it sees a deadlock and refuses to wait, though both will go on. Then ask now and then.
                // Where nothing can be locked at all, asking fails as well.
                FileLock lock = open.tryLock(position, 1, false);
                if (lock != null) {
                    return lock;
                }
                Thread.sleep(1);
            }
        }
    }

    private void answer() {
        guard.lock();
        try {
            if (wanted) {
                state = State.HELD;
                answered.signal();
            } else {
                state = State.FREE;
                giveBackOrGoWithout();
            }
        } finally {
            guard.unlock();
        }
    }

    private boolean beforeTurn() {
        return nextPlace() <= TURN;
    }

    private long nextPlace() {
        return place == null ? 0 : place.position() + 1;
    }

    private void moveTo(FileLock ahead) throws IOException {
        FileLock behind = place;
        place = ahead;
        if (behind != null) {
            behind.release();
        }
    }

    private void giveBack() throws IOException {
        if (place != null) {
            place.release();
            place = null;
        }
    }

    private void giveBackOrGoWithout() {
        try {
            giveBack();
        } catch (IOException | RuntimeException e) {
            goWithout(e);
        }
    }

    /** From now on every caller has the lock at once, and other processes have it too. */
    private void goWithout(Throwable why) {
        guard.lock();
        try {
            if (ended || state == State.ABSENT) {
                return;
            }
            state = State.ABSENT;
            answered.signal();
            if (why instanceof OverlappingFileLockException) {
                // Another class loader of this JVM uses the file, and closing our channel would drop its locks.
                giveBack();
            } else if (channel != null) {
                // What cannot be unlocked would keep the others out for ever; the kernel unlocks what is closed.
                channel.close();
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        } finally {
            guard.unlock();
        }
        LOG.warn(
                "{} cannot be locked. This process no longer takes turns with others that write to the same database:"
                        + " it may starve or be starved. No update is at risk, SQLite still has one writer at a time.",
                file,
                why);
    }
}

package dev.counterfoil.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Callers that each wait for their answer: threads of the platform, warm-up, measured time. In a closed loop a caller sends
 * again as soon as it has its answer. At a fixed rate there is a time at which each transfer is due, and its latency counts from
 * then, whether or not a caller was free to send it.
 *
 * @param draw how accounts are drawn
 * @param callers how many
 * @param perSecond transfers due in a second, or 0 for a closed loop
 * @param warmUp time that is not measured
 * @param measured time that is
 * @param patience how long callers may take to get their last answers before they count as lost
 */
public record Load(Draw draw, int callers, double perSecond, Duration warmUp, Duration measured, Duration patience) {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A closed loop. */
    public static Load closed(Draw draw, int callers, Duration warmUp, Duration measured) {
        return new Load(draw, callers, 0, warmUp, measured, PATIENCE);
    }

    /** The same at a fixed rate. */
    public Load at(double transfersPerSecond) {
        return new Load(draw, callers, transfersPerSecond, warmUp, measured, patience);
    }

    /** The same for another time. */
    public Load lasting(Duration newWarmUp, Duration newMeasured) {
        return new Load(draw, callers, perSecond, newWarmUp, newMeasured, patience);
    }

    /** The same with another patience. */
    public Load waiting(Duration newPatience) {
        return new Load(draw, callers, perSecond, warmUp, measured, newPatience);
    }

    /** Runs it once; every answer goes to the tally, those of the warm-up too. */
    public Slot run(Subject subject, Tally tally) throws InterruptedException {
        return new Run(subject, tally).run();
    }

    /** One round. */
    private final class Run {
        private final Subject subject;
        private final Tally tally;
        private final String name =
                Long.toString(ProcessHandle.current().pid(), 36) + "-" + RUNS.incrementAndGet() + "-";
        private final Histogram latencies = new ConcurrentHistogram(TimeUnit.HOURS.toNanos(1), 3);
        private final LongAdder answers = new LongAdder();
        private final CountDownLatch go = new CountDownLatch(1);
        private final AtomicLong tickets = new AtomicLong();
        private long start;
        private long begin;
        private long end;
        private volatile boolean failed;

        Run(Subject subject, Tally tally) {
            this.subject = subject;
            this.tally = tally;
        }

        Slot run() throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Feed feed = new Feed(draw, name + i + "-", name.hashCode() + 31L * i);
                Thread thread = new Thread(() -> call(feed), "caller-" + i);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
            start = System.nanoTime();
            begin = start + warmUp.toNanos();
            end = begin + measured.toNanos();
            go.countDown();
            waitUntil(begin);
            Processors before = Processors.now();
            waitUntil(end);
            Processors used = Processors.now().since(before);
            long last = end + patience.toNanos();
            int lost = 0;
            for (Thread thread : threads) {
                thread.join(Math.max(1, (last - System.nanoTime()) / 1_000_000));
                lost += thread.isAlive() ? 1 : 0;
            }
            if (lost > 0) {
                failed = true;
                tally.fault(lost + " of " + callers + " callers never got their answer");
                threads.forEach(Thread::interrupt);
            }
            return new Slot(answers.sum(), measured.toNanos() / 1e9, latencies.copy(), used, failed);
        }

        private void call(Feed feed) {
            try {
                go.await();
                while (!failed) {
                    long due = due();
                    if (due >= end) {
                        return;
                    }
                    Transfer transfer = feed.next();
                    boolean yes = subject.transfer(transfer);
                    long now = System.nanoTime();
                    feed.answered(transfer, yes, tally);
                    if (now >= begin && now < end) {
                        answers.increment();
                    }
                    // Those too whose answer came after the end: else the slow ones would be missing.
                    if (due >= begin) {
                        latencies.recordValue(now - due);
                    }
                }
            } catch (Throwable e) { // an Error in one caller must not look like a quick end
                failed = true;
                tally.fault("a caller got " + e + (e.getCause() == null ? "" : ", because of " + e.getCause()));
            }
        }

        /** When the caller's next transfer is to be sent, as soon as that has come. */
        private long due() {
            if (perSecond == 0) {
                return System.nanoTime();
            }
            long due = start + (long) (tickets.getAndIncrement() * 1e9 / perSecond);
            if (due < end) {
                waitUntil(due);
            }
            return due;
        }

        private void waitUntil(long nanoTime) {
            // A sleep is rounded up to a millisecond, which is longer than some answers take.
            for (long wait; !failed && (wait = nanoTime - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }
}

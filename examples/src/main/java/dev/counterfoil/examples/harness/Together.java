package dev.counterfoil.examples.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Callers on threads of their own, released at the same moment. */
public final class Together {
    private static final long MEETING_SECONDS = 60;

    private Together() {}

    /**
     * What a caller does.
     *
     * @param <T> what it comes back with
     */
    @FunctionalInterface
    public interface Caller<T> {
        /** The work of the caller with this number, from 1. */
        T call(int number) throws InterruptedException;
    }

    /** A place where a fixed number of threads wait for each other. */
    public static final class Barrier {
        private final CyclicBarrier barrier;

        /** A barrier for this many threads; it can be used again and again. */
        public Barrier(int threads) {
            barrier = new CyclicBarrier(threads);
        }

        /** Waits until all have come. */
        public void await() throws InterruptedException {
            try {
                barrier.await(MEETING_SECONDS, TimeUnit.SECONDS);
            } catch (BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("the others did not come to the barrier", e);
            }
        }
    }

    /** Runs this many callers at once; gives what they came back with, by number. */
    public static <T> List<T> run(int callers, Caller<T> caller) throws InterruptedException {
        return run(IntStream.rangeClosed(1, callers)
                .mapToObj(number -> (Callable<T>) () -> caller.call(number))
                .toList());
    }

    /**
     * Runs different callers at once; gives what they came back with, in their order.
     *
     * @throws IllegalStateException if one of them ended with an exception, which is its cause
     */
    public static <T> List<T> run(List<Callable<T>> callers) throws InterruptedException {
        Barrier start = new Barrier(callers.size());
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            List<Future<T>> running = callers.stream()
                    .map(caller -> threads.submit(() -> {
                        start.await();
                        return caller.call();
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a caller failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}

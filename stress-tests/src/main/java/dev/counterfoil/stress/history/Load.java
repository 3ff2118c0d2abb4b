package dev.counterfoil.stress.history;

import dev.counterfoil.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Callers that run at once in this process. */
public final class Load {
    private Load() {}

    /**
     * Runs callers until they have made a number of calls together.
     *
     * @param seed what they do follows from it
     */
    static void run(Ledger ledger, Recorder recorder, World world, long seed, int threads, int calls)
            throws InterruptedException {
        AtomicInteger left = new AtomicInteger(calls);
        run(ledger, recorder, world, "t", seed, threads, () -> left.getAndDecrement() > 0);
    }

    /**
     * Runs callers for as long as they are asked to.
     *
     * @param name begins their keys; unique in a history
     */
    static void run(
            Ledger ledger, Recorder recorder, World world, String name, long seed, int threads, BooleanSupplier goOn)
            throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Sender sender = new Sender(ledger, recorder);
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Client client = new Client(sender, world, name + i, seed);
                callers.add(executor.submit(() -> client.run(goOn)));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a caller ended", e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }
}

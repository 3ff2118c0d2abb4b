package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Transfer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * The batch that comes to mind first: transfers that wait are done together in one transaction, each locking its own two rows in
 * order. But one order within each transfer is none within the batch: two batches wait for each other in a circle. What the
 * server breaks up is done again.
 */
public final class NaiveBatchPeer extends JdbcPeer {
    private static final int LARGEST = 64;
    private static final String DEADLOCK = "40P01";

    private record Waiting(Transfer transfer, CompletableFuture<Boolean> answer) {}

    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final LongAdder deadlocks = new LongAdder();
    private final List<Thread> workers = new ArrayList<>();

    /** With new tables, and a worker for each connection. */
    public NaiveBatchPeer(Place place) throws SQLException {
        super(place);
        for (int i = 0; i < place.connections(); i++) {
            Thread worker = new Thread(this::work, "batch-" + i);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
    }

    @Override
    public boolean transfer(Transfer transfer) throws InterruptedException, ExecutionException {
        Waiting waiting = new Waiting(transfer, new CompletableFuture<>());
        queue.add(waiting);
        return waiting.answer().get();
    }

    private void work() {
        try {
            while (true) {
                List<Waiting> batch = new ArrayList<>();
                batch.add(queue.take());
                queue.drainTo(batch, LARGEST - 1);
                apply(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void apply(List<Waiting> batch) {
        while (true) {
            List<Boolean> answers = new ArrayList<>();
            try {
                boolean unused = inTransaction(connection -> all(connection, batch, answers));
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer().complete(answers.get(i));
                }
                return;
            } catch (SQLException | RuntimeException e) {
                if (!(e instanceof SQLException sql && DEADLOCK.equals(sql.getSQLState()))) {
                    batch.forEach(one -> one.answer().completeExceptionally(e));
                    return;
                }
                deadlocks.increment();
            }
        }
    }

    private static boolean all(Connection connection, List<Waiting> batch, List<Boolean> answers) throws SQLException {
        for (Waiting one : batch) {
            answers.add(LockingPeer.transfer(connection, one.transfer()));
        }
        return true;
    }

    @Override
    public long conflicts() {
        return deadlocks.sum();
    }

    @Override
    public void close() {
        workers.forEach(Thread::interrupt);
        super.close();
    }
}

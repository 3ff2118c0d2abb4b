package dev.counterfoil.stress.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process of callers, which is there to be killed. It says {@code up} when it begins, and ends when its input does: callers
 * then finish the call that they are in.
 *
 * <p>Arguments: name, URL of the database, file of its history, number of accounts, threads, time-out in milliseconds, seed.
 */
public final class ClientProcess {
    private ClientProcess() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String name = args[0];
        World world = new World(Integer.parseInt(args[3]));
        int threads = Integer.parseInt(args[4]);
        AtomicBoolean goOn = new AtomicBoolean(true);
        try (Recorder recorder = new Recorder(name, Path.of(args[2]));
                OpenLedger open = OpenLedger.of(args[1], threads, Duration.ofMillis(Long.parseLong(args[5])))) {
            System.out.println("up");
            Thread input = new Thread(() -> awaitEndOfInput(goOn), "input");
            input.setDaemon(true);
            input.start();
            Load.run(open.ledger(), recorder, world, name + "t", Long.parseLong(args[6]), threads, goOn::get);
        }
        System.exit(0);
    }

    private static void awaitEndOfInput(AtomicBoolean goOn) {
        try {
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        } catch (IOException e) {
            // Whoever started it is gone.
        }
        goOn.set(false);
    }
}

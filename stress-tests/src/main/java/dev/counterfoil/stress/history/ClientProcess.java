package dev.counterfoil.stress.history;

import dev.counterfoil.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process of callers, which is there to be killed. It says {@code up} when it begins, and ends when its input does: callers
 * then finish the call that they are in. For each byte of its input a stranger holds one of its connections for as many
 * hundredths of a second.
 *
 * <p>Arguments: name, URL of the database, file of its history, number of accounts, threads, time-out in milliseconds, seed,
 * number of connections, whether some calls join transactions of the caller's own, and the {@link Commits}.
 */
public final class ClientProcess {
    private ClientProcess() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String name = args[0];
        World world = new World(Integer.parseInt(args[3]));
        AtomicBoolean goOn = new AtomicBoolean(true);
        int threads = Integer.parseInt(args[4]);
        Duration timeout = Duration.ofMillis(Long.parseLong(args[5]));
        int connections = Integer.parseInt(args[7]);
        boolean joins = Boolean.parseBoolean(args[8]);
        Commits commits = Commits.valueOf(args[9]);
        try (Recorder recorder = new Recorder(name, Path.of(args[2]));
                OpenLedger open = OpenLedger.of(args[1], connections, timeout, commits)) {
            System.out.println("up");
            Thread input = new Thread(() -> listen(open, goOn), "input");
            input.setDaemon(true);
            input.start();
            Ledger ledger = joins ? open.joining() : open.ledger();
            Load.run(ledger, recorder, world, name + "t", Long.parseLong(args[6]), threads, goOn::get);
        }
        System.exit(0);
    }

    private static void listen(OpenLedger open, AtomicBoolean goOn) {
        try {
            for (int said = System.in.read(); said >= 0; said = System.in.read()) {
                int hundredths = said;
                Thread stranger = new Thread(() -> open.holdOne(Duration.ofMillis(10L * hundredths)), "stranger");
                stranger.setDaemon(true);
                stranger.start();
            }
        } catch (IOException e) {
            // Whoever started it is gone.
        }
        goOn.set(false);
    }
}

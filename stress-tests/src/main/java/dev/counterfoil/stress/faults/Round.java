package dev.counterfoil.stress.faults;

import dev.counterfoil.stress.history.OpenLedger;
import dev.counterfoil.stress.history.Verdict;
import dev.counterfoil.stress.history.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One load of several client processes on a database of its own, from their start to the verdict. */
final class Round implements AutoCloseable {
    private static final World WORLD = new World(8);

    /** Some callers learn what became of it however long it takes, others give up early and do not know. */
    private static final List<Integer> TIMEOUTS_MILLIS = List.of(10_000, 300, 2_000, 600, 5_000);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Databases databases;
    private final String url;
    private final Callers callers;
    private final long seed;
    private final Path directory = Files.createTempDirectory("stress-round-");
    private final Path histories = Files.createDirectory(directory.resolve("histories"));
    private final List<ClientJvm> clients = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private int started;

    /** Opens the ledger, and starts the clients. */
    Round(Databases databases, String database, Callers callers, long seed) throws IOException, SQLException {
        this.databases = databases;
        this.callers = callers;
        this.seed = seed;
        url = databases.create(database);
        try (OpenLedger open = OpenLedger.of(url, 2, PATIENCE, callers.commits())) {
            WORLD.open(open.ledger());
        }
        for (int i = 0; i < callers.processes(); i++) {
            clients.add(start(i));
        }
        for (ClientJvm client : clients) {
            client.awaitUp();
        }
    }

    private ClientJvm start(int place) throws IOException {
        String name = "p" + place + "n" + started++;
        return new ClientJvm(
                name,
                databases.url(url, name),
                histories,
                directory,
                List.of(
                        Integer.toString(WORLD.accounts()),
                        Integer.toString(callers.threads()),
                        Integer.toString(TIMEOUTS_MILLIS.get(place % TIMEOUTS_MILLIS.size())),
                        Long.toString(seed),
                        Integer.toString(callers.connections()),
                        Boolean.toString(callers.join()),
                        callers.commits().name()));
    }

    /** Where its database is. */
    String url() {
        return url;
    }

    int clients() {
        return clients.size();
    }

    ClientJvm client(int place) {
        return clients.get(place);
    }

    /** Another client takes the place of one that was killed. */
    void replace(int place) throws IOException {
        ClientJvm next = start(place);
        clients.set(place, next);
        next.awaitUp();
    }

    /**
     * Waits until callers have made some more calls, so that what happens next happens to a load.
     *
     * @param bytes how much of history they are to write; a call is some hundred
     */
    void awaitCalls(long bytes) throws IOException, InterruptedException {
        long before = written();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (written() < before + bytes) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the callers make no calls, see " + directory);
            }
            Thread.sleep(1);
        }
    }

    private long written() throws IOException {
        try (Stream<Path> files = Files.list(histories)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** Ends the load, asks for all that is unknown, and checks. */
    Verdict verdict() throws IOException, InterruptedException {
        for (ClientJvm client : clients) {
            if (!client.stop()) {
                troubles.add("client " + client.name() + " did not end as it should, see " + directory);
            }
        }
        try (OpenLedger open = OpenLedger.of(url, 2, PATIENCE, callers.commits())) {
            return Verdict.of(open.ledger(), histories, databases.showsOnlyWhatLasts());
        }
    }

    /** What went wrong besides what the checker found. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    /** Where histories and logs are. */
    Path directory() {
        return directory;
    }

    /** Throws the histories and the logs away. */
    void forget() throws IOException {
        Scratch.delete(directory);
    }

    /** Ends what is left. */
    @Override
    public void close() {
        clients.forEach(ClientJvm::end);
    }
}

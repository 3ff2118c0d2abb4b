package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The disk of the server, tables and log, has no room left, at once or soon: statements fail, or the server ends itself and
 * cannot even recover. After a while there is room again.
 */
final class FullDisks extends FaultCase {
    private static final int MEBIBYTES = 200;
    private static final long MOST_LEFT = 4L << 20;
    private static final long PATIENCE_SECONDS = 120;
    private static final String FULL = "No space left on device";
    private static final String PANIC = "PANIC:";

    private int fills;
    private long ends;

    FullDisks(String name) {
        super(name, 3, 4);
    }

    /** A server whose data lie on a small disk, and what it writes to its log elsewhere. */
    private record OnSmallDisk(PostgresAlone server, SmallDisk disk, Path home) implements Databases {
        @Override
        public String create(String database) throws SQLException {
            return server.create(database);
        }

        @Override
        public String url(String url, String client) {
            return server.url(url, client);
        }

        /** How many lines of its log hold a text. */
        long count(String text) throws IOException {
            try (Stream<String> lines = Files.lines(home.resolve("log"))) {
                return lines.filter(line -> line.contains(text)).count();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    @Override
    Databases databases() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("stress-disk-");
        SmallDisk disk = SmallDisk.at(Files.createDirectory(home.resolve("data")), MEBIBYTES)
                .orElseThrow(() -> new IllegalStateException("this process may not mount a small disk"));
        PostgresNode node = PostgresNode.create(home, 1);
        // So that the log, too, needs room all the time.
        node.configure(List.of("checkpoint_timeout = '1h'", "max_wal_size = '64MB'", "min_wal_size = '2MB'"));
        PostgresAlone server = new PostgresAlone(node, () -> {
            disk.unmount();
            Scratch.delete(home);
        });
        return new OnSmallDisk(server, disk, home);
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        OnSmallDisk server = (OnSmallDisk) databases;
        long refused = server.count(FULL);
        long ended = server.count(PANIC);
        round.awaitCalls(random.nextInt(1_000, 50_000));
        try (Connection stranger =
                DriverManager.getConnection(server.server().node().url("postgres"))) {
            server.disk().fill(random.nextBoolean() ? 0 : random.nextLong(MOST_LEFT));
            if (fills++ % 2 == 0) {
                writeLog(stranger);
                awaitMore(server, PANIC, ended);
            } else {
                awaitMore(server, FULL, refused);
            }
        }
        Thread.sleep(random.nextInt(2_000));
        server.disk().free();
        server.server().awaitUp();
        // The log takes up no more room than it must.
        server.server().node().run("CHECKPOINT");
        ends += server.count(PANIC) - ended;
    }

    /** Until the log, which needs more and more room, finds none. */
    private static void writeLog(Connection stranger) {
        try (Statement statement = stranger.createStatement()) {
            for (int i = 0; i < MEBIBYTES; i++) {
                statement.execute("SELECT pg_logical_emit_message(false, 'stress', repeat('x', 1000000))");
            }
        } catch (SQLException e) {
            // The server has ended itself.
        }
    }

    private static void awaitMore(OnSmallDisk server, String text, long before)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (server.count(text) == before) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the disk is not full for it");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public List<Result> run(Size size, long seed) throws Exception {
        List<Result> results = super.run(size, seed);
        System.out.printf("%s: %d times the server ended itself%n", name(), ends);
        return results;
    }
}

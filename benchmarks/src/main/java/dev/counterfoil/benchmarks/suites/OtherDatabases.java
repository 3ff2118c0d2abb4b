package dev.counterfoil.benchmarks.suites;

import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.MariaDbPeer;
import dev.counterfoil.benchmarks.peers.SqlitePeer;
import dev.counterfoil.benchmarks.servers.MariaDbServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Two hot accounts and 256 callers on MariaDB and on SQLite. */
final class OtherDatabases {
    private static final int CALLERS = 256;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static final List<Contender> MARIADB = List.of(
            Contender.ours("Counterfoil", LedgerSubject::onMariaDb),
            Contender.byHand("FOR UPDATE in order", place -> new MariaDbPeer(place, false)),
            Contender.byHand("guarded UPDATE", place -> new MariaDbPeer(place, true)));
    private static final List<Contender> SQLITE = List.of(
            Contender.ours("Counterfoil", LedgerSubject::onSqlite),
            Contender.byHand("a commit per update", SqlitePeer::new));

    private final Run run;

    OtherDatabases(Run run) {
        this.run = run;
    }

    void mariaDb() throws Exception {
        if (!MariaDbServer.runsHere()) {
            run.results().note("MariaDB: its binaries are for Linux on x86-64; not measured");
            return;
        }
        try (MariaDbServer server = new MariaDbServer(run.directory())) {
            run.results().about("MariaDB", server.one("SELECT version()"));
            Draw two = Draw.uniform(2);
            Ground.Maker grounds = () -> new MariaDbGround(server);
            Pools pools = Pools.calibrated("MariaDB, 2 accounts", grounds, MARIADB, run.closed(two, CALLERS), run);
            compare("MariaDB, 2 accounts", grounds, MARIADB, pools);
        }
    }

    void sqlite() throws Exception {
        compare("SQLite, 2 accounts", SqliteGround::new, SQLITE, new Pools());
    }

    private void compare(String suite, Ground.Maker grounds, List<Contender> contenders, Pools pools) throws Exception {
        List<Measured> all = new Comparison(suite, Run.callers(CALLERS), run)
                .run(grounds, contenders, pools::of, run.closed(Draw.uniform(2), CALLERS));
        Measured.report(run.results(), suite, Run.callers(CALLERS), CALLERS, all);
    }

    /** A database for each contender. */
    private record MariaDbGround(MariaDbServer server) implements Ground {
        @Override
        public String place(String contender) throws Exception {
            String database = "books_" + DATABASES.incrementAndGet();
            server.run("CREATE DATABASE " + database);
            return server.url(database);
        }

        @Override
        public void close() {
            // They go with the server.
        }
    }

    /** A file for each contender. */
    static final class SqliteGround implements Ground {
        private final Path directory = Files.createTempDirectory("counterfoil-bench-");

        SqliteGround() throws IOException {}

        @Override
        public String place(String contender) {
            return "jdbc:sqlite:" + directory.resolve("books-" + DATABASES.incrementAndGet() + ".db");
        }

        @Override
        public void close() {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package dev.counterfoil.benchmarks.verify;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import dev.counterfoil.benchmarks.servers.PostgresServer;
import dev.counterfoil.jdbc.JdbcLedger;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * Verifies large books in a process with little memory. Prints how many entries a second it looks at, and what the process took
 * of its heap at most, garbage included.
 */
public final class VerifyScale {
    private static final String HEAP = "256m";
    private static final long MEBIBYTE = 1024 * 1024;

    private VerifyScale() {}

    /**
     * Makes the books and verifies them.
     *
     * @param args a directory to work in, {@code postgresql} or {@code sqlite}, and how many entries
     */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        boolean postgres = args[1].equals("postgresql");
        LargeBooks books = new LargeBooks(Long.parseLong(args[2].replace("_", "")), postgres);
        if (postgres) {
            try (PostgresServer server = new PostgresServer(directory)) {
                server.create("books");
                run(books, server.url("books", "public"));
            }
        } else {
            Path file = Files.createTempFile(directory, "books", ".db");
            try {
                run(books, "jdbc:sqlite:" + file);
            } finally {
                for (String part : List.of("", "-wal", "-shm", "-lock")) {
                    Files.deleteIfExists(Path.of(file + part));
                }
            }
        }
    }

    private static void run(LargeBooks books, String url) throws SQLException, IOException, InterruptedException {
        withBooks(url, builder -> builder.createSchema().build().close());
        long start = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(url)) {
            books.fill(connection);
        }
        line("%,d cells, %,d entries, %,d decisions, made in %.0f s", books.cells(), books.entries(), books.decisions(),
                seconds(start));
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        url,
                        Long.toString(books.entries()))
                .inheritIO()
                .start();
        if (child.waitFor() != 0) {
            throw new IllegalStateException("the verification failed");
        }
    }

    private interface Use {
        void of(JdbcLedger.Builder builder);
    }

    /** A file as a ledger opens it by itself, a server through a pool of one connection. */
    private static void withBooks(String url, Use use) {
        if (url.startsWith("jdbc:sqlite:")) {
            use.of(JdbcLedger.builder(url));
            return;
        }
        HikariConfig one = new HikariConfig();
        one.setJdbcUrl(url);
        one.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(one)) {
            use.of(JdbcLedger.builder(pool));
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** The process that verifies. */
    static final class Child {
        private static final long EVERY_SECONDS = 10;

        private Child() {}

        public static void main(String[] args) {
            withBooks(args[0], builder -> verify(builder, Long.parseLong(args[1])));
        }

        private static void verify(JdbcLedger.Builder builder, long entries) {
            long start = System.nanoTime();
            Verification verification;
            try (JdbcLedger ledger = builder.build()) {
                verification = ledger.verify(VerifyRequest.all(), new Progress(start));
            }
            double seconds = seconds(start);
            line("%s", verification);
            verification.first().forEach(finding -> line("%s", finding));
            line("%.0f s, %,.0f entries/s, peak heap %d MiB of %s",
                    seconds, verification.entries() / seconds, peak() / MEBIBYTE, HEAP);
            if (!verification.sound() || verification.entries() != entries) {
                throw new IllegalStateException("sound books were not found sound");
            }
        }

        private static long peak() {
            return ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getPeakUsage)
                    .mapToLong(usage -> usage.getUsed())
                    .sum();
        }

        /** Prints how far it is, now and then. */
        private static final class Progress implements VerifyListener {
            private final long start;
            private double next = EVERY_SECONDS;

            Progress(long start) {
                this.start = start;
            }

            @Override
            public void onProgress(Verification soFar) {
                if (seconds(start) > next) {
                    next = seconds(start) + EVERY_SECONDS;
                    line("%.0f s: %s of %,d cells", seconds(start), soFar, soFar.cellsInAll());
                }
            }
        }
    }
}

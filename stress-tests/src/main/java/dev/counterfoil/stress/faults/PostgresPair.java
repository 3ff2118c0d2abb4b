package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A PostgreSQL primary and its standby, who takes over when it is promoted. While there is no standby yet the new primary goes
 * on alone.
 */
final class PostgresPair implements Databases {
    private static final List<String> SETTINGS = List.of(
            // What a new standby has not got yet must still be there.
            "wal_keep_size = '2GB'", "wal_retrieve_retry_interval = '100ms'", "hot_standby = on");

    private static final Set<String> NOT_COPIED =
            Set.of("postmaster.pid", "postmaster.opts", "postgresql.auto.conf", "standby.signal", "backup_label");

    /** Commits wait for the standby of this name, and there is no other. */
    private static final String NAME = "standby";

    private final Path directory = Files.createTempDirectory("stress-pair-");
    private final boolean synchronous;
    private final String hosts;
    private PostgresNode primary;
    private PostgresNode standby;
    private String database = "";

    private PostgresPair(boolean synchronous) throws IOException {
        this.synchronous = synchronous;
        primary = PostgresNode.create(directory.resolve("a"));
        primary.configure(SETTINGS);
        standby = primary.beside(directory.resolve("b"));
        hosts = "127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port();
    }

    /**
     * Makes and starts both.
     *
     * @param synchronous false for a pair, as a control, whose primary acknowledges before the standby has it
     */
    static PostgresPair start(boolean synchronous) throws IOException, InterruptedException, SQLException {
        PostgresPair pair = new PostgresPair(synchronous);
        try {
            pair.start();
            return pair;
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            pair.close();
            throw e;
        }
    }

    private void start() throws IOException, InterruptedException, SQLException {
        primary.start();
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            if (!primary.one("SHOW " + setting).equals("on")) {
                throw new IllegalStateException(setting + " is off");
            }
        }
        renewStandby();
    }

    PostgresNode primary() {
        return primary;
    }

    PostgresNode standby() {
        return standby;
    }

    @Override
    public String create(String name) throws SQLException {
        if (!database.isEmpty()) {
            // Each new standby is a copy of all.
            primary.run("DROP DATABASE " + database + " WITH (FORCE)");
        }
        database = name;
        primary.run("CREATE DATABASE " + name);
        return url(name);
    }

    /** Of the server that is the primary when a connection is made. */
    String url(String name) {
        return "jdbc:postgresql://" + hosts + "/" + name + "?user=postgres&targetServerType=primary";
    }

    @Override
    public String url(String url, String client) {
        return url + "&ApplicationName=" + client;
    }

    /** The standby, which must run, is the primary from now on. The old one must have been killed: it would not know. */
    void promote() throws SQLException {
        standby.run("SELECT pg_promote(true, 120)");
        PostgresNode dead = primary;
        primary = standby;
        standby = dead;
    }

    /** Makes a new standby out of a copy of the primary, under load. Returns when what is acknowledged is on both. */
    void renewStandby() throws IOException, InterruptedException, SQLException {
        standby.end();
        if (Files.exists(standby.data())) {
            Scratch.delete(standby.data());
        }
        copy();
        Files.createFile(standby.data().resolve("standby.signal"));
        Files.writeString(
                standby.data().resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primary.port() + " user=postgres application_name=" + NAME
                        + "'\n");
        standby.start();
        primary.await("SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
        if (synchronous) {
            demandStandby();
        }
    }

    private void copy() throws IOException, SQLException {
        Path data = Files.createDirectory(standby.data());
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        try (Connection connection = DriverManager.getConnection(primary.url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('standby', true)");
            Files.walkFileTree(primary.data(), new Copying(primary.data(), standby.data()));
            try (ResultSet row = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                row.next();
                Files.writeString(standby.data().resolve("backup_label"), row.getString(1));
            }
        }
    }

    private void demandStandby() throws SQLException, InterruptedException {
        primary.run("ALTER SYSTEM SET synchronous_standby_names = '" + NAME + "'");
        primary.run("SELECT pg_reload_conf()");
        primary.await("SELECT current_setting('synchronous_standby_names') = '" + NAME + "'");
        primary.await("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
        // Commits wait once the checkpointer, too, has read the settings: at the latest between two checkpoints.
        primary.run("CHECKPOINT");
        primary.run("CHECKPOINT");
        // This one waits; and what was committed before is on the standby when this one is.
        primary.run("SELECT pg_logical_emit_message(true, 'stress', '')");
    }

    @Override
    public void close() throws IOException {
        try {
            primary.end();
            standby.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Scratch.delete(directory);
    }

    /** Copies the files of a server that runs: one may vanish or grow meanwhile, which the log makes good. */
    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return directory.endsWith("pg_wal") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!NOT_COPIED.contains(Objects.requireNonNull(file.getFileName()).toString())) {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException e) {
                    // It is gone.
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }
}

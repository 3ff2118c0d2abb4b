package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A PostgreSQL whose processes get killed, and that comes back on the same files and the same port. */
final class KillablePostgres implements AutoCloseable {
    private final PostgresServer server = PostgresServer.start();

    PostgresServer server() {
        return server;
    }

    /** As kill -9 of all its processes at once: what it had in memory is gone. Returns when none of them is left. */
    void kill() {
        ProcessHandle postmaster = postmaster();
        // It starts no more, so that the list is complete.
        run(List.of("sh", "-c", "kill -STOP " + postmaster.pid()));
        List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
        all.add(postmaster);
        all.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(all);
    }

    /** As kill -9 of one client's process: the server ends all others and recovers by itself. Returns when it has begun to. */
    void killOneProcess(String database, RandomGenerator random) throws SQLException {
        String clients = "SELECT pid FROM pg_stat_activity WHERE datname = ? AND backend_type = 'client backend'";
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (PlainSql other = server.sql("postgres")) {
            while (System.nanoTime() < end) {
                List<String> processes;
                try {
                    processes = other.rows(clients, database);
                } catch (SQLException e) {
                    // This one, which was not killed, is ended too.
                    return;
                }
                if (!processes.isEmpty()) {
                    long pid = Long.parseLong(processes.get(random.nextInt(processes.size())));
                    ProcessHandle.of(pid).ifPresent(KillablePostgres::kill);
                }
            }
        }
        throw new AssertionError("the server took no notice");
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        awaitEnd(List.of(process));
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (processes.stream().anyMatch(KillablePostgres::runs)) {
            assertThat(System.nanoTime())
                    .as("waiting for the end of the killed")
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /**
     * From now on every commit is written and then waits, unseen by others and unanswered, for a standby that does not exist;
     * until {@link #letCommitsGo()} or a kill. Returns when it is so.
     */
    void holdCommits() throws SQLException {
        try (PlainSql sql = server.sql("postgres")) {
            sql.run("CREATE TABLE IF NOT EXISTS held (n integer)");
            sql.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
            Thread probe = new Thread(() -> {
                try (PlainSql held = server.sql("postgres")) {
                    while (!Thread.currentThread().isInterrupted()) {
                        held.run("INSERT INTO held VALUES (1)");
                    }
                } catch (SQLException e) {
                    // It was killed.
                }
            });
            probe.setDaemon(true);
            probe.start();
            awaitHeldCommits("postgres", 1);
            probe.interrupt();
        }
    }

    /** Waits until so many commits in a database wait as {@link #holdCommits} says. */
    void awaitHeldCommits(String database, int count) throws SQLException {
        await(database, count, "wait_event = 'SyncRep'");
    }

    /** Waits until somebody in a database waits for a lock. */
    void awaitLockWait(String database) throws SQLException {
        await(database, 1, "wait_event_type = 'Lock'");
    }

    private void await(String database, int count, String condition) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = ? AND " + condition;
        try (PlainSql postgres = server.sql("postgres")) {
            while (postgres.count(sql, database) < count) {
                assertThat(System.nanoTime()).as("waiting for %s", condition).isLessThan(end);
            }
        }
    }

    void letCommitsGo() throws SQLException {
        try (PlainSql sql = server.sql("postgres")) {
            sql.run("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        }
    }

    /** Shuts it down as its operator would, at once: sessions are ended. Returns when none of its processes is left. */
    void stop() {
        ProcessHandle postmaster = postmaster();
        List<ProcessHandle> all = new ArrayList<>(postmaster.children().toList());
        all.add(postmaster);
        run(List.of("sh", "-c", "kill -INT " + postmaster.pid()));
        awaitEnd(all);
    }

    /** Starts it again after {@link #stop()}. */
    void start() {
        try {
            launch("start");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after a kill, and makes sure that it had to recover. */
    void restart() {
        try {
            // Where nobody collects the dead, their numbers seem to be in use still.
            Files.delete(data("postmaster.pid"));
            Files.writeString(data("postgresql.auto.conf"), "");
            assertThat(launch("restart")).contains("was not properly shut down; automatic recovery in progress");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it wrote to its log. */
    private String launch(String how) throws IOException {
        String started = Files.readString(data("postmaster.opts"));
        Path programs = Path.of(started.substring(0, started.indexOf(" \""))).resolveSibling("pg_ctl");
        Path log = Files.createTempFile("counterfoil-pg", ".log");
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // As root: in a namespace where it is somebody else, since the server refuses to be root.
            command.addAll(List.of("unshare", "-U"));
        }
        String files = server.data().toString();
        command.addAll(List.of(programs.toString(), how, "-w", "-D", files, "-l", log.toString()));
        if (how.equals("start")) {
            // Unlike restart, it does not take what the last one was started with.
            command.addAll(
                    List.of("-o", started.substring(started.indexOf(" \"")).strip()));
        }
        run(command);
        String said = Files.readString(log);
        Files.delete(log);
        return said;
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            assertThat(process.exitValue()).as("%s", command).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ProcessHandle postmaster() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data("postmaster.pid")).get(0).strip());
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean runs(ProcessHandle process) {
        try {
            // Where nobody collects the dead, they are listed still.
            Path stat = Path.of("/proc/" + process.pid() + "/stat");
            return process.isAlive()
                    && !(Files.exists(stat) && Files.readString(stat).contains(") Z "));
        } catch (IOException e) {
            return false;
        }
    }

    private Path data(String file) {
        return server.data().resolve(file);
    }

    @Override
    public void close() {
        server.close();
    }
}

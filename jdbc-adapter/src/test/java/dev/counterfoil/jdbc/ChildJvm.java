package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.retry.Retry;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleServiceProvider;

/** Another process that runs {@link LedgerChild}: commands go to its input, one a line, and its answers are lines too. */
final class ChildJvm implements AutoCloseable {
    private static final String END = "<end>";

    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildJvm(String classPath) {
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classPath,
                            LedgerChild.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "output of child " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** A child that has the drivers, and a pool for the one that needs it. */
    static ChildJvm start() {
        return new ChildJvm(classPath(
                org.sqlite.JDBC.class,
                org.postgresql.Driver.class,
                org.mariadb.jdbc.Driver.class,
                HikariDataSource.class));
    }

    /** A child whose class path has no JDBC driver. */
    static ChildJvm startWithoutDriver() {
        return new ChildJvm(classPath());
    }

    /** Several children, all of them up. */
    static List<ChildJvm> start(int n) {
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            children.add(start());
        }
        children.forEach(child -> child.expect("up"));
        return children;
    }

    private static String classPath(Class<?>... more) {
        Stream<Class<?>> ours = Stream.of(
                ChildJvm.class,
                JdbcLedger.class,
                Ledger.class,
                Retry.class,
                LoggerFactory.class,
                SimpleServiceProvider.class);
        return Stream.concat(ours, Stream.of(more))
                .map(ChildJvm::location)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // It was killed.
        }
        lines.add(END);
    }

    ChildJvm tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a ledger, whose callers share commits or do not; it says {@code opened}. */
    ChildJvm open(String url, boolean shared) {
        return tell((shared ? "open " : "open-own-commits ") + url);
    }

    /** The next line of its output; null after the last one. */
    String line() {
        try {
            String line = lines.poll(60, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("the child says nothing");
            }
            return line.equals(END) ? null : line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for a line with the given beginning and returns the rest of it; any other line is an error. */
    String expect(String beginning) {
        String line = line();
        if (line == null || !line.startsWith(beginning)) {
            throw new AssertionError("the child said <" + line + "> instead of <" + beginning + ">");
        }
        return line.substring(beginning.length()).strip();
    }

    /** As kill -9 does; returns what it had said before. */
    List<String> kill() {
        process.destroyForcibly();
        List<String> said = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            said.add(line);
        }
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return said;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

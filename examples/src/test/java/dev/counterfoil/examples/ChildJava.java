package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A main class in a Java of its own, on the class path of this test. */
final class ChildJava {
    private static final Pattern LOUD = Pattern.compile("FAILED|WARN|ERROR|Exception|^scenarios:");

    private final Class<?> main;
    private final Process process;
    private final Path printed;
    private final Path errors;

    private ChildJava(Class<?> main, Process process, Path printed, Path errors) {
        this.main = main;
        this.process = process;
        this.printed = printed;
        this.errors = errors;
    }

    /**
     * How it ended.
     *
     * @param exitCode its exit code
     * @param lines what it printed, errors last
     */
    record End(int exitCode, List<String> lines) {}

    /** Runs it in a directory to its end. */
    static End run(Path directory, Class<?> main, String... options) throws IOException, InterruptedException {
        return start(directory, main, options).end();
    }

    /** Starts it in a directory. */
    static ChildJava start(Path directory, Class<?> main, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Path printed = directory.resolve("printed.txt");
        Path errors = directory.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(printed.toFile())
                .redirectError(errors.toFile())
                .start();
        return new ChildJava(main, process, printed, errors);
    }

    /** Looks again and again until something holds while it runs. */
    void await(String what, Callable<Boolean> holds) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!holds.call()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException(main + " came to no " + what + ": " + end());
            }
            Thread.sleep(5);
        }
    }

    /** Looks again and again until it has printed a line that begins like this. */
    void awaitLine(String beginning) throws Exception {
        await(beginning, () -> Files.readAllLines(printed).stream().anyMatch(line -> line.startsWith(beginning)));
    }

    /** Ends it in the way of Ctrl-C, in which what was registered for its end runs; it must not go on, and not complain. */
    void interrupt() throws IOException, InterruptedException {
        process.destroy();
        End end = end();
        assertThat(end.exitCode()).isNotZero();
        assertThat(end.lines()).noneMatch(LOUD.asPredicate());
    }

    /** Ends it with {@code kill -9}: nothing runs at its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits until it has ended. */
    End end() throws IOException, InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(main + " did not end");
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(printed, StandardCharsets.UTF_8));
        // The JVM warns of the driver's native code from JDK 24 on; that is not what a run printed.
        Files.readAllLines(errors, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("WARNING:"))
                .forEach(lines::add);
        return new End(process.exitValue(), lines);
    }
}

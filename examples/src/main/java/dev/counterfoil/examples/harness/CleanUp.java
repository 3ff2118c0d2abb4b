package dev.counterfoil.examples.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Takes away what a run made, the last first: when it is closed, or by itself when the JVM is told to end before.
 *
 * <p>Safe for use by several threads.
 */
public final class CleanUp implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();
    private boolean ended;

    /** Takes away something. */
    @FunctionalInterface
    public interface Step {
        /** Does it. */
        void run() throws Exception;
    }

    /** Something is left behind. */
    public static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** One that also runs when somebody presses Ctrl-C. */
    public CleanUp() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::endQuietly, "clean-up"));
    }

    /** Runs this at the end, before all that was handed in earlier; at once, if the end has come. */
    public synchronized void atEnd(Step step) {
        steps.push(step);
        if (ended) {
            close();
        }
    }

    /**
     * Makes something; an end that is asked for meanwhile waits, so that nothing is half made when it is taken away.
     *
     * @throws IllegalStateException if the end has come
     */
    public synchronized <T> T make(Supplier<T> maker) {
        if (ended) {
            throw new IllegalStateException("the run is over");
        }
        return maker.get();
    }

    /** A new directory, which is deleted at the end with all that is in it. */
    public synchronized Path newDirectory() {
        try {
            Path directory = Files.createTempDirectory("counterfoil-examples");
            atEnd(() -> delete(directory));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes everything away; what cannot be taken away does not keep the rest.
     *
     * @throws FailedException if something could not be, with all reasons
     */
    @Override
    public synchronized void close() {
        ended = true;
        List<String> failures = new ArrayList<>();
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
        if (!failures.isEmpty()) {
            throw new FailedException("could not clean up: " + String.join("; ", failures));
        }
    }

    private void endQuietly() {
        try {
            close();
        } catch (FailedException e) {
            System.err.println(e.getMessage());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

package dev.counterfoil.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk of a few mebibytes that can be filled and emptied; only where this process may mount one. */
final class SmallDisk implements AutoCloseable {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** Skips the test where none can be had. */
    static SmallDisk ofMebibytes(int size) {
        try {
            Path path = Files.createTempDirectory("counterfoil-disk");
            path.toFile().deleteOnExit();
            return at(path, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One in the place of a directory, whose files it hides meanwhile. */
    static SmallDisk at(Path path, int size) {
        try {
            boolean mounted = Files.isExecutable(Path.of("/usr/bin/mount"))
                    && run("mount", "-t", "tmpfs", "-o", "size=" + size + "m", "tmpfs", path.toString());
            assumeTrue(mounted, "this process may not mount a small disk: a full disk is not verified here");
            return new SmallDisk(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    /** Takes all the room that is left. */
    void fill() throws IOException {
        byte[] kibibyte = new byte[1024];
        try (var out = Files.newOutputStream(filling())) {
            while (true) {
                out.write(kibibyte);
            }
        } catch (IOException full) {
            if (Files.getFileStore(path).getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    /** Gives it back. */
    void free() throws IOException {
        Files.delete(filling());
    }

    private Path filling() {
        return path.resolve("filling");
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        // Lazily: a server may still be closing its files.
        boolean unused = run("umount", "-l", path.toString());
    }
}

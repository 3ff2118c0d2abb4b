package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A disk of a few mebibytes in memory, which can be filled and emptied. */
final class SmallDisk {
    private final Path path;

    private SmallDisk(Path path) {
        this.path = path;
    }

    /** One at an empty directory; empty where this process may not mount one. */
    static Optional<SmallDisk> at(Path path, int mebibytes) throws IOException, InterruptedException {
        boolean mounted = Files.isExecutable(Path.of("/usr/bin/mount"))
                && succeeds("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", path.toString());
        return mounted ? Optional.of(new SmallDisk(path)) : Optional.empty();
    }

    /** True where this process may mount one. */
    static boolean canBeHad() {
        try {
            Path path = Files.createTempDirectory("stress-disk-");
            Optional<SmallDisk> disk = at(path, 1);
            if (disk.isPresent()) {
                disk.get().unmount();
            }
            Files.delete(path);
            return disk.isPresent();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes the room that is left, but for some. */
    void fill(long leave) throws IOException {
        byte[] piece = new byte[1 << 18];
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filling())) {
            long room = room();
            while (room > leave) {
                out.write(room > leave + piece.length ? piece : some);
                room = room();
            }
        } catch (IOException full) {
            if (room() > some.length) {
                throw full;
            }
        }
    }

    private long room() throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    /** Gives it back. */
    void free() throws IOException {
        Files.delete(filling());
    }

    private Path filling() {
        return path.resolve("filling");
    }

    void unmount() throws IOException, InterruptedException {
        succeeds("umount", "-l", path.toString());
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}

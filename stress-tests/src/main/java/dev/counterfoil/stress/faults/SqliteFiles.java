package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** SQLite files. */
final class SqliteFiles implements Databases {
    private final Path directory;

    SqliteFiles() throws IOException {
        directory = Files.createTempDirectory("stress-sqlite-");
    }

    @Override
    public String create(String database) {
        return "jdbc:sqlite:" + directory.resolve(database + ".db");
    }

    /** It has one writer at a time, and nobody takes the lock of a process that is there. */
    @Override
    public boolean othersGoOn() {
        return false;
    }

    @Override
    public void close() throws IOException {
        Scratch.delete(directory);
    }
}

package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on a server that it starts: nothing of it stays, however the run ends. */
abstract class EmbeddedServerContract {
    @TempDir
    private Path directory;

    private Path temporary;

    abstract String store();

    @BeforeEach
    void makeTheDirectoryForTemporaryFiles() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
    }

    @Test
    void interruptedWhileTheServerStartsItLeavesNothing() throws Exception {
        ChildJava run = start(Scenarios.class);
        run.await("server", () -> !processes().isEmpty());
        run.interrupt();
        assertNothingIsLeft();
    }

    final ChildJava start(Class<?> main) throws IOException {
        return ChildJava.start(directory, main, "-Dstore=" + store(), "-Djava.io.tmpdir=" + temporary);
    }

    final void assertNothingIsLeft() throws IOException {
        assertThat(processes()).isEmpty();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    /** What runs from the directory for temporary files: initdb, pg_ctl, postgres; mariadbd. */
    final List<String> processes() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().command().stream())
                .filter(command -> command.startsWith(temporary.toString()))
                .toList();
    }
}

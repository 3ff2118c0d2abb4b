package dev.counterfoil.admin;

import dev.counterfoil.admin.Command.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has {@link TestBooks} of its own. */
abstract class OnTestBooks {
    @TempDir
    Path directory;

    String url;

    @BeforeEach
    void fill() {
        url = TestBooks.in(directory);
    }

    Result run(String... args) {
        return new Command("--url", url).run(args);
    }
}

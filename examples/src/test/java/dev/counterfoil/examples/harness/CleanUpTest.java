package dev.counterfoil.examples.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanUpTest {
    private final CleanUp cleanUp = new CleanUp();
    private final List<String> taken = new ArrayList<>();

    @Test
    void takesAwayTheLastFirstAndOnce() {
        cleanUp.atEnd(() -> taken.add("first"));
        cleanUp.atEnd(() -> taken.add("second"));
        cleanUp.close();
        cleanUp.close();
        assertThat(taken).containsExactly("second", "first");
    }

    @Test
    void whatCannotBeTakenAwayDoesNotKeepTheRest() throws Exception {
        Path directory = cleanUp.newDirectory();
        Files.createFile(Files.createDirectory(directory.resolve("inner")).resolve("file"));
        cleanUp.atEnd(() -> {
            throw new IllegalStateException("it sticks");
        });
        assertThatThrownBy(cleanUp::close)
                .isInstanceOf(CleanUp.FailedException.class)
                .hasMessage("could not clean up: java.lang.IllegalStateException: it sticks");
        assertThat(directory).doesNotExist();
    }

    @Test
    void afterTheEndNothingIsMadeAndNothingStays() {
        cleanUp.close();
        assertThatThrownBy(() -> cleanUp.make(() -> "something")).hasMessage("the run is over");
        cleanUp.atEnd(() -> taken.add("late"));
        assertThat(taken).containsExactly("late");
    }
}

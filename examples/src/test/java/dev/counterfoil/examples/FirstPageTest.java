package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstPageTest {
    private static final String SOURCE = "src/main/java/dev/counterfoil/examples/FirstPage.java";

    @Test
    void itRunsAndRunAgainItChangesNothing(@TempDir Path directory) throws Exception {
        assertThat(ChildJava.run(directory, FirstPage.class).lines())
                .containsExactly(
                        "left: 200.00, replayed: false",
                        "available: 200.00, due: 200.00, entries: 4, decided: true, each: 2, later: false");
        assertThat(directory.resolve("books.db")).exists();

        assertThat(ChildJava.run(directory, FirstPage.class).lines())
                .containsExactly(
                        "left: 200.00, replayed: true",
                        "available: 200.00, due: 200.00, entries: 4, decided: true, each: 2, later: true");
    }

    @Test
    void theReadmeShowsTheCodeThatIsCompiled() throws IOException {
        List<String> source = Files.readAllLines(Path.of(SOURCE));
        List<String> readme = Files.readAllLines(Path.of("../README.md"));
        int marker = readme.indexOf("<!-- first page: compiled from examples/" + SOURCE + " -->");
        assertThat(marker).as("the line of the marker in README.md").isNotNegative();
        List<String> below = readme.subList(marker + 1, readme.size());

        List<String> shown = between(below, "```java", "```");
        List<String> compiled = between(source, "// README first page: begin", "// README first page: end");
        assertThat(shown).isEqualTo(compiled);
    }

    @Test
    void theReadmesShorterPiecesAreCompiledToo() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/main/java/dev/counterfoil/examples/ReadmePieces.java"));
        String readme = Files.readString(Path.of("../README.md"));
        List<String> blocks = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map(block -> block.group(1).lines().map(String::strip).toList())
                .map(lines -> String.join("\n", lines))
                .toList();
        for (String piece : List.of("after a fault", "own pool", "own transaction")) {
            String compiled = String.join(
                    "\n", between(source, "// README " + piece + ": begin", "// README " + piece + ": end"));
            assertThat(blocks).as(piece).contains(compiled);
        }
        assertThat(blocks).as("the first page and these").hasSize(4);
    }

    /** The lines between the first two that are these, without their indentation. */
    private static List<String> between(List<String> lines, String begin, String end) {
        List<String> stripped = lines.stream().map(String::strip).toList();
        int from = stripped.indexOf(begin);
        assertThat(from).as(begin).isNotNegative();
        List<String> behind = stripped.subList(from + 1, stripped.size());
        int to = behind.indexOf(end);
        assertThat(to).as(end).isNotNegative();
        return String.join("\n", behind.subList(0, to)).strip().lines().toList();
    }
}

package dev.counterfoil.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.LedgerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page about watching names every event, and its code is compiled. */
class ObservabilityDocumentTest {
    private static List<String> document() throws IOException {
        return Files.readAllLines(Path.of("../../docs/observability.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"switch on", "listener"})
    void itsCodeIsCompiled(String piece) throws IOException {
        List<String> source =
                Files.readAllLines(Path.of("src/test/java/dev/counterfoil/micrometer/ObservabilityPieces.java"))
                        .stream()
                        .map(String::strip)
                        .toList();
        List<String> compiled = source.subList(
                source.indexOf("// docs " + piece + ": begin") + 1, source.indexOf("// docs " + piece + ": end"));
        assertThat(compiled).isNotEmpty();
        assertThat(document().stream().map(String::strip)).containsSequence(compiled);
    }

    @Test
    void everyEventHasARow() throws IOException {
        List<String> document = document();
        assertThat(LedgerEvent.class.getPermittedSubclasses())
                .filteredOn(Class::isRecord)
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(document).anyMatch(row -> row.startsWith("| `" + event.getSimpleName() + "` |")));
        assertThat(LedgerEvent.OfCall.class.getPermittedSubclasses())
                .allSatisfy(event ->
                        assertThat(document).anyMatch(row -> row.startsWith("| `" + event.getSimpleName() + "` |")));
    }
}

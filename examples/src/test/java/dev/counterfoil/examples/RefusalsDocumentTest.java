package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of refusals is complete, and its code is compiled and does what it says. */
class RefusalsDocumentTest {
    @ParameterizedTest
    @EnumSource
    void everyReasonHasARow(Reason reason) throws IOException {
        assertThat(rows()).anyMatch(row -> row.contains("`" + reason + "`"));
    }

    @Test
    void everyKindOfRefusalHasARow() throws IOException {
        List<String> rows = rows();
        assertThat(Rejected.class.getPermittedSubclasses())
                .isNotEmpty()
                .allSatisfy(
                        kind -> assertThat(rows).anyMatch(row -> row.startsWith("| `" + kind.getSimpleName() + "` |")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refusals", "limits"})
    void itsCodeIsCompiled(String piece) throws IOException {
        assertThat(document().stream().map(String::strip)).containsSequence(compiled(piece));
    }

    @Test
    void theLinkOfTheGuaranteesIsCompiled() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/guarantees.md")).stream().map(String::strip))
                .containsSequence(compiled("flaky link"));
    }

    @Test
    void whatPrunesIsCompiledAndRuns() throws IOException {
        assertThat(Files.readAllLines(Path.of("../docs/keys.md"))).containsSequence(compiled("prune"));
        assertThat(ReadmePieces.prune(MemoryLedger.create())).isZero();
    }

    private static List<String> compiled(String piece) throws IOException {
        List<String> source =
                Files.readAllLines(Path.of("src/main/java/dev/counterfoil/examples/ReadmePieces.java")).stream()
                        .map(String::strip)
                        .toList();
        List<String> compiled = source.subList(
                source.indexOf("// README " + piece + ": begin") + 1, source.indexOf("// README " + piece + ": end"));
        assertThat(compiled).isNotEmpty();
        return compiled;
    }

    @Test
    void itsCodeDoesWhatItSays() {
        Ledger ledger = MemoryLedger.create();
        AccountId client = AccountId.of("client", "7");
        assertThat(ReadmePieces.limits(ledger)).containsExactly(client);

        Unit sar = Unit.of("SAR", 2);
        Update small =
                Update.of("small").take(client.balance("credit", sar), "7.50").build();
        Update great =
                Update.of("great").take(client.balance("credit", sar), "480.01").build();
        assertThat(ReadmePieces.refusals(ledger, small)).isEqualTo("is done");
        assertThat(ReadmePieces.refusals(ledger, small)).isEqualTo("was done before");
        assertThat(ReadmePieces.refusals(ledger, great)).endsWith("has -20.00 and its limit is -500.00");
    }

    private static List<String> document() throws IOException {
        return Files.readAllLines(Path.of("../docs/refusals.md"));
    }

    private static List<String> rows() throws IOException {
        return document().stream().filter(line -> line.startsWith("| `")).toList();
    }
}

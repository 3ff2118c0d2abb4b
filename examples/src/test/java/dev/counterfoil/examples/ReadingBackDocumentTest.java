package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code of the page about the past is compiled, and does what it says. */
class ReadingBackDocumentTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId AVAILABLE = ACCOUNT.balance("available", SAR);
    private static final RegisterId STATUS = ACCOUNT.register("status");

    @ParameterizedTest
    @ValueSource(strings = {"past", "statement", "trial balance"})
    void itsCodeIsCompiled(String piece) throws IOException {
        List<String> source = stripped("src/main/java/dev/counterfoil/examples/ReadmePieces.java");
        List<String> compiled = source.subList(
                source.indexOf("// README " + piece + ": begin") + 1, source.indexOf("// README " + piece + ": end"));
        assertThat(compiled).isNotEmpty();
        assertThat(stripped("../docs/reading-back.md")).containsSequence(compiled);
    }

    private static List<String> stripped(String file) throws IOException {
        return Files.readAllLines(Path.of(file)).stream().map(String::strip).toList();
    }

    @Test
    void itsCodeDoesWhatItSays() {
        Instant[] now = {Instant.parse("2026-02-28T20:59:59Z")};
        Ledger ledger = MemoryLedger.builder().clock(() -> now[0]).build();
        ledger.apply(Update.of("open")
                        .open(AVAILABLE, "10.00", Limits.atMost("12.00"))
                        .open(STATUS, "ACTIVE")
                        .build())
                .orThrow();
        Instant march = now[0].plusSeconds(1);
        now[0] = march;
        ledger.apply(Update.of("in").add(AVAILABLE, "2.00").build()).orThrow();
        now[0] = march.plus(Duration.ofDays(31)).minusSeconds(1);
        ledger.apply(Update.of("out").take(AVAILABLE, "5.00").build()).orThrow();
        now[0] = march.plus(Duration.ofDays(31));
        ledger.apply(Update.of("april").force("bonus").add(AVAILABLE, "50.00").build())
                .orThrow();

        assertThat(ReadmePieces.statement(ledger, AVAILABLE))
                .hasSize(3)
                .last()
                .isEqualTo("from 10.00, in 2.00, out 5.00, to 7.00");
        assertThat(ReadmePieces.past(ledger, AVAILABLE, STATUS, march)).isEqualTo("ACTIVE with 12.00");
        assertThat(ReadmePieces.past(ledger, AVAILABLE, STATUS, now[0])).contains("2026-03-31T20:59:59.999999Z");
        assertThat(ReadmePieces.trialBalance(ledger, AVAILABLE, SAR)).isEqualTo("50.00");
    }
}

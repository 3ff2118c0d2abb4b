package dev.counterfoil.micrometer;

import dev.counterfoil.Fate;
import dev.counterfoil.KeyHash;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.jdbc.JdbcLedger;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/** The code of docs/observability.md. */
final class ObservabilityPieces {
    private ObservabilityPieces() {}

    static JdbcLedger watched(MeterRegistry registry, byte[] secret) {
        // docs switch on: begin
        JdbcLedger ledger = JdbcLedger.builder("jdbc:sqlite:books.db")
                .createSchema()
                .listener(new LedgerMeters(registry, "books")) // the value of the tag ledger
                .keyHash(KeyHash.withSecret(secret)) // so that all processes, and you, name keys alike in the log
                .build();
        // docs switch on: end
        return ledger;
    }

    static LedgerListener alarm(Consumer<String> pager) {
        // docs listener: begin
        LedgerListener alarm = event -> {
            if (event instanceof LedgerEvent.Failed failed && failed.fate() == Fate.UNKNOWN) {
                pager.accept("nobody knows yet: " + failed.context().accounts());
            } else if (event instanceof LedgerEvent.Found found) {
                pager.accept("the books are wrong: " + found.finding());
            }
        };
        // docs listener: end
        return alarm;
    }
}

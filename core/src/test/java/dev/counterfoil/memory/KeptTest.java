package dev.counterfoil.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Fingerprints;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.StoreLedger;
import dev.counterfoil.spi.StoredDecision;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept of an update is as good as the update, whether it is kept itself or made again from its entries. */
@Timeout(60)
class KeptTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final BalanceId A = AccountId.of("wallet", "a").balance("available", SAR);
    private static final BalanceId B = AccountId.of("wallet", "b").balance("available", SAR);
    private static final BalanceId FEES = AccountId.of("house", "fees").balance("available", SAR);

    private final MemoryStore store = new MemoryStore(InstantSource.system());
    private final Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());

    /** Updates; those of the first row are made again from their entries. */
    enum Content {
        TRANSFER,
        INCREMENT,
        OPPOSITES,
        MARKED_AS_BALANCED,
        SCOPED,
        DATED,
        ONE_CELL_TWICE,
        WITH_METADATA,
        WITH_REFERENCE,
        BY_FORCE,
        WITH_A_CHECK;

        Update update() {
            Update.Builder update = Update.of(this == SCOPED ? Key.of("client", "k") : Key.of("k"));
            switch (this) {
                case INCREMENT -> update.add(A, "1.00");
                case OPPOSITES -> update.take(A, "1.00").add(B, "1.00");
                case MARKED_AS_BALANCED ->
                    update.take(A, "1.00").add(B, "0.75").add(FEES, "0.25").balanced();
                case DATED -> update.transfer(A, B, "1.00").effectiveAt(Instant.parse("2026-01-31T23:59:59.123456Z"));
                case ONE_CELL_TWICE -> update.transfer(A, B, "1.00").transfer(A, FEES, "0.25");
                case WITH_METADATA -> update.transfer(A, B, "1.00").metadata("for the rent");
                case WITH_REFERENCE -> update.transfer(A, B, "1.00").reference("invoice/42");
                case BY_FORCE -> update.transfer(A, B, "100.00").force("the court says so");
                case WITH_A_CHECK -> update.requireAtLeast(A, "1.00").transfer(A, B, "1.00");
                default -> update.transfer(A, B, "1.00");
            }
            return update.build();
        }
    }

    @BeforeEach
    void open() {
        ledger.apply(Update.of("open")
                        .open(A, "10.00", Limits.nonNegative())
                        .open(B)
                        .open(FEES)
                        .build())
                .orThrow();
    }

    private StoredDecision kept(Key key) {
        return store.findDecision(new DecisionId("", key), Deadline.after(Duration.ofSeconds(10)))
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void theDecisionIsThatOfTheUpdate(Content content) {
        Update update = content.update();
        Applied first = (Applied) ledger.apply(update);
        StoredDecision kept = kept(update.key());
        assertThat(kept.decision()).isEqualTo(first);
        assertThat(kept.balanced()).isEqualTo(update.balanced());
        assertThat(kept.fingerprint().sha256())
                .isEqualTo(Fingerprints.of("", update).sha256());
        assertThat(ledger.apply(content.update())).isEqualTo(new Applied(first.receipt(), true));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SCOPED")
    void noOtherContentIsTakenForIt(Content content) {
        Update update = content.update();
        ledger.apply(update).orThrow();
        for (Content other : Content.values()) {
            // Metadata and the caller's time are no part of what makes a repeat the same.
            boolean same = plain(other) == plain(content);
            if (other != Content.SCOPED) {
                assertThat(ledger.apply(other.update()) instanceof KeyReused).isEqualTo(!same);
            }
        }
    }

    private static Content plain(Content content) {
        return content == Content.DATED || content == Content.WITH_METADATA ? Content.TRANSFER : content;
    }
}

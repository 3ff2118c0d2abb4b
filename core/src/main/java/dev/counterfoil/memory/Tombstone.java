package dev.counterfoil.memory;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.spi.DecisionId;
import dev.counterfoil.spi.Fingerprint;
import dev.counterfoil.spi.StoredDecision;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stays of a decision whose details are pruned: little, because there is one for each key that was ever used. */
final class Tombstone implements Kept {
    private final Key key;
    private final Instant recordedAt;
    private final byte[] sha256;
    private final int fingerprintVersion;
    private final boolean balanced;

    /** Null where it was applied. */
    private final @Nullable Reason reason;

    private final @Nullable Instant effectiveAt;
    private final @Nullable String reference;
    private final @Nullable Key reverses;

    private Tombstone(StoredDecision decision, @Nullable Reason reason, @Nullable Receipt receipt) {
        key = decision.id().key();
        recordedAt = decision.decision().recordedAt();
        sha256 = HexFormat.of().parseHex(decision.fingerprint().sha256());
        fingerprintVersion = decision.fingerprint().version();
        balanced = decision.balanced();
        this.reason = reason;
        effectiveAt = receipt == null ? null : receipt.effectiveAt();
        reference = receipt == null ? null : receipt.reference();
        reverses = receipt == null ? null : receipt.reverses();
    }

    static Tombstone of(StoredDecision decision) {
        return decision.decision() instanceof Rejected refusal
                ? new Tombstone(decision, refusal.reason(), null)
                : new Tombstone(decision, null, ((Applied) decision.decision()).receipt());
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public Instant recordedAt() {
        return recordedAt;
    }

    @Override
    public boolean hasDetails() {
        return false;
    }

    @Override
    public StoredDecision decision(String namespace) {
        Decision left = reason == null
                ? new Applied(
                        new Receipt(key, recordedAt, effectiveAt, null, reference, reverses, List.of(), true), false)
                : Rejected.Pruned.of(reason, key, recordedAt);
        Fingerprint fingerprint =
                new Fingerprint(fingerprintVersion, HexFormat.of().formatHex(sha256));
        return new StoredDecision(new DecisionId(namespace, key), fingerprint, left, balanced);
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.Finding;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts what a verification looks at and finds, and tells its listener. Used by one thread at a time. */
final class VerifyReport {
    /** How long the listener hears nothing of its progress. */
    private static final long PAUSE_NANOS = Duration.ofMillis(250).toNanos();

    /** So many are remembered, so that what is met twice is told once. */
    private static final int REMEMBERED = 10_000;

    private final VerifyListener listener;
    private final LongSupplier nanoTime;
    private final long cellsInAll;
    private final List<Finding> first = new ArrayList<>();
    private final Set<Object> told = new HashSet<>();
    private long lastTold;
    private long cells;
    private long entries;
    private long decisions;
    private long pruned;
    private long findings;

    VerifyReport(long cellsInAll, VerifyListener listener, LongSupplier nanoTime) {
        this.cellsInAll = cellsInAll;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.lastTold = nanoTime.getAsLong();
        listener.onProgress(soFar());
    }

    void cells(int more) {
        cells += more;
        progress();
    }

    void entries(int more) {
        entries += more;
        progress();
    }

    void decisions(List<DecisionRow> more) {
        decisions += more.size();
        for (DecisionRow decision : more) {
            pruned += isPruned(decision) ? 1 : 0;
        }
        progress();
    }

    private static boolean isPruned(DecisionRow decision) {
        return decision.entries() == null && decision.unreadable() == null;
    }

    private void progress() {
        long now = nanoTime.getAsLong();
        if (now - lastTold >= PAUSE_NANOS) {
            lastTold = now;
            listener.onProgress(soFar());
        }
    }

    /** Tells findings, each once. */
    void tell(List<Finding> found) {
        found.forEach(finding -> tell(finding, null));
    }

    /** Tells a finding, unless it was told before: about the same, if that is given. */
    void tell(Finding finding, @Nullable Object same) {
        Object about = same == null ? Findings.Same.of(finding) : same;
        if (told.contains(about)) {
            return;
        }
        if (told.size() < REMEMBERED) {
            told.add(about);
        }
        findings++;
        if (first.size() < Verification.FIRST) {
            first.add(finding);
        }
        listener.onFinding(finding);
    }

    Verification soFar() {
        return new Verification(cellsInAll, cells, entries, decisions, pruned, findings, first);
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.EntryType;
import dev.counterfoil.Finding;
import dev.counterfoil.FindingType;
import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.Outcome;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.Verification;
import dev.counterfoil.internal.Amounts;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import dev.counterfoil.spi.CellRow.CellState;
import dev.counterfoil.spi.EntryPages.Part;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A correction of one cell. Used by one thread, once. */
final class CorrectionRun {
    private final Wish wish;
    private final LedgerStore store;
    private final AuditCalls calls;
    private final Retry retry;
    private final EntryPages pages;
    private final Belonging belonging;
    private final List<Finding> findings = new ArrayList<>();

    /** Entries of which a delta or an amount was changed, and no receipt says which. */
    private final List<Finding> undecided = new ArrayList<>();

    /** The entries that were taken so far; null before the first look. */
    private @Nullable CellFold fold;

    CorrectionRun(Wish wish, LedgerStore store, AuditCalls calls, Retry retry) {
        this.wish = wish;
        this.store = store;
        this.calls = calls;
        this.retry = retry;
        this.pages = new EntryPages(calls);
        this.belonging = new Belonging(new DecisionRows(wish.decision().namespace(), calls));
    }

    /**
     * What is asked for.
     *
     * @param decision the key
     * @param fingerprint what makes a repeat the same
     * @param cell the cell
     * @param observed what the world says, amount or text; null to restore what the entries say
     * @param reason why
     */
    record Wish(
            DecisionId decision,
            Fingerprint fingerprint,
            CellId cell,
            @Nullable String observed,
            String reason) {}

    Outcome run() {
        try {
            Optional<Outcome> earlier = earlier();
            return earlier.isPresent() ? earlier.get() : decide();
        } catch (NotCorrectableException e) {
            // The same correction may have been made meanwhile, and that is why nothing is wrong any more.
            return earlier().orElseThrow(() -> e);
        }
    }

    private Optional<Outcome> earlier() {
        Optional<StoredDecision> found = calls.read((audit, deadline) -> store.findDecision(wish.decision(), deadline));
        return found.flatMap(this::committed);
    }

    /** The answer of a decision that was seen, behind the lock of the cell and committed: to be seen is not to be durable. */
    private Optional<Outcome> committed(StoredDecision found) {
        CellRow row = calls.cellRow(CellAddress.of(wish.decision().namespace(), wish.cell()));
        if (row == null) {
            return Optional.of(Judgement.replay(found, wish.fingerprint()));
        }
        Correction repeat = new Correction(none(row), wish.decision(), wish.fingerprint(), clock -> {
            throw new IllegalStateException("no row is like this one");
        });
        return send(repeat, calls.deadline()) instanceof Answer.Decided decided
                ? Optional.of(decided.outcome())
                : Optional.empty();
    }

    /** A row that the cell cannot have, so that nothing is written for it. */
    private static CellRow none(CellRow row) {
        return row.with(Long.MIN_VALUE, null);
    }

    private Outcome decide() {
        CellRow seen = look();
        Deadline deadline = calls.deadline();
        while (true) {
            CorrectedCell corrected = corrected(seen);
            Instant last = Objects.requireNonNull(fold).lastAt();
            Answer answer = send(
                    new Correction(
                            seen,
                            wish.decision(),
                            wish.fingerprint(),
                            // Not the time of the cell's row, which may be what is wrong.
                            clock -> corrected.made(
                                    wish.decision(),
                                    wish.fingerprint(),
                                    last != null && last.isAfter(clock) ? last : clock)),
                    deadline);
            if (answer instanceof Answer.Decided decided) {
                return decided.outcome();
            }
            if (deadline.expired()) {
                throw new NotAppliedException("the cell changed again and again", null);
            }
            seen = look();
        }
    }

    /** The row of the cell; its entries are taken, those that were there before it was read at least. */
    private CellRow look() {
        CellRow row = calls.cellRow(CellAddress.of(wish.decision().namespace(), wish.cell()));
        if (row == null) {
            throw new NotCorrectableException("the cell is not there", List.of());
        }
        if (!wish.cell().equals(CorrectedCell.id(row))) {
            throw new NotCorrectableException(
                    "the cell of this name is of another kind or counts another unit", List.of());
        }
        CellFold on = fold == null ? CellFold.of(row) : fold;
        fold = on;
        pages.read(List.of(new Part(row, on.sequence(), Long.MAX_VALUE)), page -> take(page, on, row));
        return row;
    }

    private void take(List<EntryRow> page, CellFold on, CellRow row) {
        Map<Long, List<Finding>> breaks = new HashMap<>();
        for (EntryRow entry : page) {
            on.take(entry, finding -> {
                found(finding);
                if (finding.type() == FindingType.AFTER_DIFFERS) {
                    breaks.computeIfAbsent(entry.decisionId(), unused -> new ArrayList<>())
                            .add(finding);
                }
            });
        }
        List<Belonging.Row> rows =
                page.stream().map(entry -> new Belonging.Row(on, row, entry)).toList();
        // An entry whose delta somebody changed would make money of a correction.
        belonging
                .without(
                        rows,
                        (decisions, entries) -> decisions.forEach(decision -> {
                            DecisionCheck.changes(decision, entries, this::found);
                            if (decision.entries() == null) {
                                breaks.getOrDefault(decision.id(), List.of())
                                        .forEach(finding -> keep(undecided, finding));
                            }
                        }))
                .forEach(this::found);
    }

    private void found(Finding finding) {
        boolean obstacle = finding.type() != FindingType.AFTER_DIFFERS && finding.type() != FindingType.LIMIT_PASSED;
        if (obstacle) {
            keep(findings, finding);
        }
    }

    private static void keep(List<Finding> some, Finding finding) {
        if (some.size() < Verification.FIRST) {
            some.add(finding);
        }
    }

    private CorrectedCell corrected(CellRow seen) {
        CellFold entries = Objects.requireNonNull(fold);
        List<Finding> ofCell = new ArrayList<>();
        entries.end(seen, ofCell::add);
        ofCell.stream()
                .filter(finding -> finding.type() == FindingType.SEQUENCE_GAP)
                .forEach(this::found);
        CellState state = entries.state();
        if (!findings.isEmpty() || state == null) {
            throw new NotCorrectableException("the entries of the cell are damaged themselves", findings);
        }
        String observed = wish.observed();
        long sequence = entries.sequence() + 1;
        if (observed == null) {
            refuseSound(ofCell.isEmpty());
            if (!undecided.isEmpty()) {
                throw new NotCorrectableException(
                        "an entry's delta does not lead to the amount after it, and the receipt that would say which of the two"
                                + " was changed is pruned or cannot be read: find out what the cell should be, and accept that",
                        undecided);
            }
            BigDecimal none = wish.cell() instanceof BalanceId balance ? zero(balance) : null;
            return checked(new CorrectedCell(wish.cell(), EntryType.RESTORE, sequence, none, state, wish.reason()));
        }
        if (wish.cell() instanceof BalanceId balance) {
            BigDecimal delta = new BigDecimal(observed).subtract(new BigDecimal(state.amount()));
            refuseSound(ofCell.isEmpty() && delta.signum() == 0);
            BigDecimal scaled = delta.setScale(balance.unit().scale());
            return checked(new CorrectedCell(
                    balance, EntryType.ACCEPT, sequence, scaled, with(state, observed, null), wish.reason()));
        }
        refuseSound(ofCell.isEmpty() && observed.equals(state.value()));
        return new CorrectedCell(
                wish.cell(), EntryType.ACCEPT, sequence, null, with(state, null, observed), wish.reason());
    }

    private static BigDecimal zero(BalanceId balance) {
        return BigDecimal.ZERO.setScale(balance.unit().scale());
    }

    private static CellState with(CellState state, @Nullable String amount, @Nullable String text) {
        return new CellState(amount, state.minimum(), state.maximum(), text, null, state.closed());
    }

    private static void refuseSound(boolean sound) {
        if (sound) {
            throw new NotCorrectableException("there is nothing to correct", List.of());
        }
    }

    private static CorrectedCell checked(CorrectedCell corrected) {
        BigDecimal delta = corrected.delta();
        String amount = corrected.state().amount();
        if ((delta != null && Amounts.overflows(delta))
                || (amount != null && Amounts.overflows(new BigDecimal(amount)))) {
            throw new NotCorrectableException(
                    "the amount or the difference has more than " + Amounts.MAX_DIGITS + " digits", List.of());
        }
        return corrected;
    }

    private Answer send(Correction correction, Deadline deadline) {
        Attempts attempts = new Attempts(correction, deadline);
        return calls.inside(() -> {
            try {
                return retry.execute(attempts::next);
            } catch (StoreException e) {
                throw attempts.fault(String.valueOf(e.getMessage()), e);
            } catch (RetryExhaustedException e) {
                Throwable last = e.getCause();
                throw attempts.fault(last == null ? "no answer in time" : String.valueOf(last.getMessage()), last);
            } catch (RuntimeException e) {
                throw attempts.fault(Sending.UNEXPECTED, e);
            }
        });
    }

    /** The attempts at one correction, which ask behind the cell's lock whether one before them was applied. */
    private final class Attempts {
        private final Correction correction;
        private final Deadline deadline;

        /** The first failure after which it may have been applied. */
        private @Nullable Throwable unknown;

        Attempts(Correction correction, Deadline deadline) {
            this.correction = correction;
            this.deadline = deadline;
        }

        Answer next() throws StoreException {
            try {
                return calls.store().correct(correction, deadline);
            } catch (StoreException e) {
                mayBeApplied(e.trouble() == StoreException.Trouble.UNKNOWN ? e : null);
                throw e;
            } catch (RuntimeException | Error e) {
                // Not what the port allows, so nothing is known of the transaction.
                mayBeApplied(e);
                throw e;
            }
        }

        private void mayBeApplied(@Nullable Throwable e) {
            unknown = unknown == null ? e : unknown;
        }

        LedgerException fault(String message, @Nullable Throwable cause) {
            Throwable lost = unknown;
            if (lost == null) {
                return new NotAppliedException("the correction failed: " + message, cause);
            }
            LedgerException fault = new OutcomeUnknownException(
                    wish.decision().key(),
                    "it may have been applied or not; the same correction, sent again, gives the answer: " + message,
                    cause);
            if (lost != cause) {
                fault.addSuppressed(lost);
            }
            return fault;
        }
    }
}

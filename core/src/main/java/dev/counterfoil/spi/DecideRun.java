package dev.counterfoil.spi;

import dev.counterfoil.Balance;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Cell;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideView;
import dev.counterfoil.Decline;
import dev.counterfoil.Journal;
import dev.counterfoil.JournalId;
import dev.counterfoil.Operation;
import dev.counterfoil.Proposal;
import dev.counterfoil.RefusedException;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.internal.Evaluator;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a decide function on one view. */
final class DecideRun implements DecideView {
    /** Set while a function runs on a thread, which then must not call a ledger: it may hold locks. */
    private static final ThreadLocal<Boolean> RUNNING = new ThreadLocal<>();

    private final Request.Deciding request;
    private final StoredCells view;
    private final Thread thread = Thread.currentThread();
    private boolean ended;

    private DecideRun(Request.Deciding request, StoredCells view) {
        this.request = request;
        this.view = view;
    }

    /** Refuses a call into a ledger from inside a function. */
    static void refuseInside() {
        if (RUNNING.get() != null) {
            throw new IllegalStateException(
                    "a decide function must not call a ledger: it may run while cells are locked");
        }
    }

    static Request.Posting run(Request.Deciding request, StoredCells view) {
        DecideRun run = new DecideRun(request, view);
        return new Request.Posting(
                request.namespace(), request.key(), request.fingerprint(), request.cells(), Map.of(), run.intent());
    }

    private Request.Intent intent() {
        RUNNING.set(Boolean.TRUE);
        try {
            Proposal proposal = Objects.requireNonNull(
                    request.function().decide(this), "the decide function must answer with an update or a decline");
            if (proposal instanceof Decline no) {
                Rejected.Context context = context(null, null);
                return new Request.Intent.Refuse(new Rejected.Declined(context, no.code(), no.message()));
            }
            return new Request.Intent.Apply(checked((Update) proposal));
        } catch (UnreadableException e) {
            return new Request.Intent.Refuse(e.refusal);
        } catch (Throwable e) {
            throw new DecideFunctionException(e);
        } finally {
            ended = true;
            RUNNING.remove();
        }
    }

    private Update checked(Update update) {
        if (!update.key().equals(request.key())) {
            throw new IllegalArgumentException("the update of a decide function must have the key given to decide");
        }
        for (Operation operation : update.operations()) {
            declared(operation.cell());
        }
        return update;
    }

    @Override
    public Update.Builder update() {
        checkRunning();
        return Update.of(request.key());
    }

    @Override
    public Decline decline(String code, String message) {
        checkRunning();
        return new Decline(code, message);
    }

    @Override
    public Optional<Balance> find(BalanceId cell) {
        return Optional.ofNullable((Balance) readable(cell));
    }

    @Override
    public Optional<Register> find(RegisterId cell) {
        return Optional.ofNullable((Register) readable(cell));
    }

    @Override
    public Optional<Journal> find(JournalId cell) {
        return Optional.ofNullable((Journal) readable(cell));
    }

    @Override
    public BigDecimal balance(BalanceId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).amount();
    }

    @Override
    public String register(RegisterId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).value();
    }

    @Override
    public long count(JournalId cell) {
        return find(cell).orElseThrow(() -> missing(cell)).count();
    }

    @Override
    public Instant asOf() {
        checkRunning();
        return view.asOf();
    }

    private @Nullable Cell readable(CellId id) {
        checkRunning();
        Cell cell = view.cells().get(declared(id));
        if (cell != null) {
            Rejected refusal = Evaluator.readable(id, cell, found -> context(id, found));
            if (refusal != null) {
                throw new UnreadableException(refusal);
            }
        }
        return cell;
    }

    private UnreadableException missing(CellId id) {
        Rejected refusal = Objects.requireNonNull(
                Evaluator.readable(id, null, found -> context(id, found)), "no cell, no refusal");
        return new UnreadableException(refusal);
    }

    private CellAddress declared(CellId id) {
        CellAddress address = CellAddress.of(request.namespace(), id);
        if (!request.cells().contains(address)) {
            throw new IllegalArgumentException(id + ": was not declared to decide");
        }
        return address;
    }

    private void checkRunning() {
        if (ended || Thread.currentThread() != thread) {
            throw new IllegalStateException("the view of a decide function is for its own thread, while it runs");
        }
    }

    private Rejected.Context context(@Nullable CellId id, @Nullable Cell observed) {
        return new Rejected.Context(
                request.key(),
                view.asOf(),
                false,
                Rejected.NO_OPERATION,
                id,
                observed == null ? null : observed.lastUpdate());
    }

    /** Ends a function that asked for what is not there. */
    private static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Rejected refusal;

        UnreadableException(Rejected refusal) {
            super(new RefusedException(refusal).getMessage(), null, false, false);
            this.refusal = refusal;
        }
    }
}

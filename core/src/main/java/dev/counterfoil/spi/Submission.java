package dev.counterfoil.spi;

import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests on their way to the store, sent until each has an answer or a fault. Here, and only here, is what loops: a group
 * after the other, retry, asking again after an unknown commit, splitting off a request that the database refuses, waiting for
 * parked cells.
 */
final class Submission {
    private final LedgerStore store;
    private final Retry retry;
    private final Supplier<Deadline> deadlines;
    private final BooleanSupplier closed;

    /** Of the group that was sent last. */
    private Deadline deadline;

    /** A submission of one group, or of several whose deadline is the same. */
    Submission(LedgerStore store, Retry retry, Deadline deadline) {
        this(store, retry, () -> deadline, () -> false);
    }

    /**
     * A submission.
     *
     * @param store where it goes
     * @param retry how it is tried again
     * @param deadlines gives each group its own
     * @param closed true from when on no further group is begun
     */
    Submission(LedgerStore store, Retry retry, Supplier<Deadline> deadlines, BooleanSupplier closed) {
        this.store = store;
        this.retry = retry;
        this.deadlines = deadlines;
        this.closed = closed;
        this.deadline = deadlines.get();
    }

    /** What became of one request: an answer (never parked), or a fault. */
    record End(@Nullable Answer answer, @Nullable LedgerException fault) {}

    /** Sends all, group by group and in order; what is parked waits until the others were sent. */
    List<End> run(List<? extends Request> requests) {
        List<Item> items = new ArrayList<>(requests.size());
        for (Request request : requests) {
            items.add(new Item(request));
        }
        boolean begun = false;
        Parking parking = new Parking(Set.of());
        for (List<Item> group : Groups.of(items, item -> item.request, item -> item.together)) {
            if (begun && closed.getAsBoolean()) {
                group.forEach(item -> item.fault("the ledger was closed meanwhile", null));
            } else {
                deadline = begun ? deadlines.get() : deadline;
                send(group, parking);
            }
            begun = true;
        }
        if (!withoutEnd(items).isEmpty()) {
            finish(items);
        }
        return items.stream().map(Item::end).toList();
    }

    /** A request, and whether an earlier attempt may have applied it. */
    private static final class Item {
        private final Request request;

        /** The first failure after which an attempt may have been applied; null while there is none. */
        private @Nullable Throwable unknown;

        /** The most requests that go in one group with it. */
        private int together = Groups.REQUESTS;

        private @Nullable End end;

        Item(Request request) {
            this.request = request;
        }

        End end() {
            return Objects.requireNonNull(end);
        }

        void fault(String message, @Nullable Throwable cause) {
            Throwable lost = unknown;
            if (lost == null) {
                end = new End(null, new NotAppliedException(message, cause));
                return;
            }
            LedgerException fault = new OutcomeUnknownException(
                    request.key(),
                    "it may have been applied or not; the same update, sent again, gives the answer: " + message,
                    cause);
            if (lost != cause) {
                fault.addSuppressed(lost);
            }
            end = new End(null, fault);
        }
    }

    /** Sends what is parked again and again, in its order. */
    private void finish(List<Item> items) {
        int[] before = {items.size()};
        try {
            retry.execute(() -> {
                List<Item> parked = withoutEnd(items);
                while (!parked.isEmpty() && parked.size() < before[0]) {
                    before[0] = parked.size();
                    sendAgain(parked);
                    parked = withoutEnd(parked);
                }
                if (!parked.isEmpty()) {
                    // Nothing came of it: wait as after any other contention, holding no connection meanwhile.
                    before[0]++;
                    throw parked(StoreException.Trouble.TRANSIENT);
                }
                return items;
            });
        } catch (StoreException | RetryExhaustedException e) {
            fault(withoutEnd(items), e);
        }
    }

    private void sendAgain(List<Item> parked) throws StoreException {
        if (deadline.expired()) {
            throw parked(StoreException.Trouble.PERMANENT);
        }
        Parking parking = new Parking(Set.of());
        for (List<Item> group : Groups.of(parked, item -> item.request, item -> item.together)) {
            send(group, parking);
        }
    }

    private static StoreException parked(StoreException.Trouble trouble) {
        return new StoreException(
                StoreException.Phase.ACQUIRE, trouble, "somebody else holds a cell that it needs", null);
    }

    private static List<Item> withoutEnd(List<Item> items) {
        return items.stream().filter(item -> item.end == null).toList();
    }

    /** Sends a group once, without what stays behind parked ones. What is parked now gets no end. */
    private void send(List<Item> items, Parking parking) {
        List<Item> group =
                items.stream().filter(item -> !parking.keeps(item.request)).toList();
        if (group.isEmpty()) {
            return;
        }
        List<Request> requests = group.stream().map(item -> item.request).toList();
        try {
            settle(group, retry.execute(() -> attempt(group, requests)), parking);
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.ONE_REQUEST && group.size() > 1) {
                int half = group.size() / 2;
                send(group.subList(0, half), parking);
                send(group.subList(half, group.size()), parking);
            } else {
                fault(group, e);
            }
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RetryExhaustedException e) {
            fault(group, e);
        } catch (RuntimeException e) {
            group.forEach(item -> item.fault("the store failed unexpectedly", e));
        }
    }

    private static void fault(List<Item> items, Exception e) {
        // The last failure and not the exhausted retry, so that a caller's own retry may send the update again.
        Throwable last = e instanceof RetryExhaustedException ? e.getCause() : e;
        String why = last == null ? "no answer in time" : String.valueOf(last.getMessage());
        String tried =
                e instanceof RetryExhaustedException exhausted ? "; tried " + exhausted.attempts() + " times" : "";
        items.forEach(item -> item.fault(why + tried, last));
    }

    private List<Answer> attempt(List<Item> group, List<Request> requests) throws StoreException {
        if (deadline.expired()) {
            throw new StoreException(
                    StoreException.Phase.ACQUIRE, StoreException.Trouble.PERMANENT, "the time of the call is up", null);
        }
        try {
            List<Answer> answers = store.submit(requests, deadline);
            if (answers.size() != requests.size()) {
                throw new IllegalStateException(
                        "the store gave " + answers.size() + " answers to " + requests.size() + " requests");
            }
            return answers;
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.UNKNOWN) {
                group.forEach(item -> item.unknown = item.unknown == null ? e : item.unknown);
            }
            throw e;
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RuntimeException e) {
            // Not what the port allows, so nothing is known of the transaction.
            group.forEach(item -> item.unknown = item.unknown == null ? e : item.unknown);
            throw e;
        }
    }

    private static void settle(List<Item> group, List<Answer> answers, Parking parking) {
        if (answers.stream()
                .allMatch(answer ->
                        answer instanceof Answer.Parked p && p.waitsFor().isEmpty())) {
            // One of them waits for what nobody can see yet: the next time they go in smaller groups, to find it.
            group.forEach(item -> item.together = Math.max(1, group.size() / 2));
        }
        for (int i = 0; i < group.size(); i++) {
            Answer answer = answers.get(i);
            if (answer instanceof Answer.Parked) {
                parking.add(group.get(i).request);
            } else {
                group.get(i).end = new End(answer, null);
            }
        }
    }
}

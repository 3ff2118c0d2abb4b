package dev.counterfoil.spi;

import dev.counterfoil.LedgerException;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.OutcomeUnknownException;
import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One group on its way to the store: sends it until every request has an answer or a fault. Here, and only here, is what
 * loops: retry, asking again after an unknown commit, splitting off a request that the database refuses, waiting for parked
 * cells.
 */
final class Submission {
    private final LedgerStore store;
    private final Retry retry;
    private final Deadline deadline;

    Submission(LedgerStore store, Retry retry, Deadline deadline) {
        this.store = store;
        this.retry = retry;
        this.deadline = deadline;
    }

    /** What became of one request: an answer (never parked), or a fault. */
    record End(@Nullable Answer answer, @Nullable LedgerException fault) {}

    List<End> run(List<? extends Request> group) {
        List<Item> items = new ArrayList<>(group.size());
        for (Request request : group) {
            items.add(new Item(request));
        }
        run(items, 0, items.size());
        return items.stream().map(Item::end).toList();
    }

    /** A request, and whether an earlier attempt may have applied it. */
    private static final class Item {
        private final Request request;
        private boolean maybeApplied;
        private @Nullable End end;

        Item(Request request) {
            this.request = request;
        }

        End end() {
            return Objects.requireNonNull(end);
        }

        void fault(String message, @Nullable Throwable cause) {
            end = new End(
                    null,
                    maybeApplied
                            ? new OutcomeUnknownException(request.key(), message, cause)
                            : new NotAppliedException(message, cause));
        }
    }

    private void run(List<Item> items, int from, int to) {
        List<Item> group = new ArrayList<>(items.subList(from, to));
        while (!group.isEmpty()) {
            group = send(group);
        }
    }

    /** Sends a group, and gives back those that are parked. */
    private List<Item> send(List<Item> group) {
        List<Request> requests = group.stream().map(item -> item.request).toList();
        List<Answer> answers;
        try {
            answers = retry.execute(() -> attempt(group, requests));
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.ONE_REQUEST && group.size() > 1) {
                int half = group.size() / 2;
                run(group, 0, half);
                run(group, half, group.size());
            } else {
                group.forEach(item -> item.fault(String.valueOf(e.getMessage()), e));
            }
            return List.of();
        } catch (RetryExhaustedException e) {
            // The last failure and not the exhausted retry, so that a caller's own retry may send the update again.
            Throwable last = e.getCause();
            String why = last == null ? "no answer in time" : String.valueOf(last.getMessage());
            group.forEach(item -> item.fault(why + "; tried " + e.attempts() + " times", last));
            return List.of();
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RuntimeException e) {
            group.forEach(item -> item.fault("the store failed unexpectedly", e));
            return List.of();
        }
        return settle(group, answers);
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
            if (answers.stream().allMatch(answer -> answer instanceof Answer.Parked)) {
                // Nothing came of it: wait as after any other contention, holding no connection meanwhile.
                throw new StoreException(
                        StoreException.Phase.ACQUIRE,
                        StoreException.Trouble.TRANSIENT,
                        "somebody else holds a cell that it needs",
                        null);
            }
            return answers;
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.UNKNOWN) {
                group.forEach(item -> item.maybeApplied = true);
            }
            throw e;
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RuntimeException e) {
            // Not what the port allows, so nothing is known of the transaction.
            group.forEach(item -> item.maybeApplied = true);
            throw e;
        }
    }

    private List<Item> settle(List<Item> group, List<Answer> answers) {
        List<Item> parked = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            Item item = group.get(i);
            Answer answer = answers.get(i);
            if (!(answer instanceof Answer.Parked)) {
                item.end = new End(answer, null);
            } else if (deadline.expired()) {
                item.fault("somebody else holds a cell that it needs", null);
            } else {
                parked.add(item);
            }
        }
        return parked;
    }
}

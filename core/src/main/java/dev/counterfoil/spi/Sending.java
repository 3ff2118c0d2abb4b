package dev.counterfoil.spi;

import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import java.util.List;

/**
 * Sends a group to the store and tries again until each request has an answer, a fault, or is parked: retry, asking again
 * after an unknown commit, splitting off a request that the database refuses. Safe for use by many threads.
 */
final class Sending {
    static final String UNEXPECTED = "the store failed unexpectedly";

    /** A group that was lost so often goes on in halves: the smaller it is, the less it meets. */
    private static final int LOST_GROUPS = 2;

    private final LedgerStore store;
    private final Retry retry;

    Sending(LedgerStore store, Retry retry) {
        this.store = store;
        this.retry = retry;
    }

    /** Sends a group, without what stays behind parked ones. What is parked now gets no end. */
    void send(List<Item> items, Deadline deadline, Parking parking) {
        List<Item> group = parking.isEmpty()
                ? items
                : items.stream().filter(item -> !parking.keeps(item.request())).toList();
        if (group.isEmpty()) {
            return;
        }
        List<Request> requests = group.size() == 1
                ? List.of(group.get(0).request())
                : group.stream().map(Item::request).toList();
        int[] lost = new int[1];
        try {
            List<Answer> answers = retry.execute(() -> {
                try {
                    return attempt(group, requests, deadline);
                } catch (StoreException e) {
                    if (group.size() > 1 && wasLost(e) && ++lost[0] == LOST_GROUPS) {
                        throw new LostAgainException(e);
                    }
                    throw e;
                }
            });
            settleOrDoubt(group, answers, parking);
        } catch (LostAgainException e) {
            sendHalves(group, deadline, parking);
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.ONE_REQUEST && group.size() > 1) {
                sendHalves(group, deadline, parking);
            } else {
                fault(group, e);
            }
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RetryExhaustedException e) {
            fault(group, e);
        } catch (RuntimeException e) {
            withoutEnd(group).forEach(item -> item.fault(UNEXPECTED, e));
        }
    }

    /** A group was lost so often that it is cut in two. */
    private static final class LostAgainException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostAgainException(StoreException last) {
            super(last);
        }
    }

    /** It had begun, and somebody else was first. */
    private static boolean wasLost(StoreException e) {
        return e.trouble() == StoreException.Trouble.TRANSIENT && e.phase() != StoreException.Phase.ACQUIRE;
    }

    private void sendHalves(List<Item> group, Deadline deadline, Parking parking) {
        int half = group.size() / 2;
        List<Item> first = group.subList(0, half);
        send(first, deadline, parking);
        for (Item item : first) {
            if (item.hasEnd() && item.mayGoAgain()) {
                // It may be sent again; whoever comes behind it in a list must not come before it.
                parking.add(item.request());
            }
        }
        send(group.subList(half, group.size()), deadline, parking);
    }

    /** Ends items with the failure after which nothing more is tried. */
    static void fault(List<Item> items, Exception e) {
        // The last failure and not the exhausted retry, so that a caller's own retry may send the update again.
        Throwable last = e instanceof RetryExhaustedException ? e.getCause() : e;
        String why = last == null ? "no answer in time" : String.valueOf(last.getMessage());
        String tried =
                e instanceof RetryExhaustedException exhausted ? "; tried " + exhausted.attempts() + " times" : "";
        items.forEach(item -> item.fault(why + tried, last));
    }

    private List<Answer> attempt(List<Item> group, List<Request> requests, Deadline deadline) throws StoreException {
        if (deadline.expired()) {
            throw new StoreException(
                    StoreException.Phase.ACQUIRE,
                    StoreException.Trouble.PERMANENT,
                    group.get(0).late(),
                    null);
        }
        try {
            boolean suspect = group.stream().anyMatch(Item::isSuspect);
            List<Answer> answers = store.submit(requests, suspect ? deadline.hasty() : deadline);
            if (answers.size() != requests.size()) {
                throw new IllegalStateException(
                        "the store gave " + answers.size() + " answers to " + requests.size() + " requests");
            }
            return answers;
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.UNKNOWN) {
                group.forEach(item -> item.mayBeApplied(e));
            }
            throw e;
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // Not what the port allows, so nothing is known of the transaction.
            group.forEach(item -> item.mayBeApplied(e));
            throw e;
        }
    }

    private static List<Item> withoutEnd(List<Item> items) {
        return items.stream().filter(item -> !item.hasEnd()).toList();
    }

    private static void settleOrDoubt(List<Item> group, List<Answer> answers, Parking parking) {
        try {
            settle(group, answers, parking);
        } catch (RuntimeException | Error e) {
            // The commit is behind us: whoever has no answer yet may be applied.
            group.forEach(item -> item.mayBeApplied(e));
            throw e;
        }
    }

    private static boolean areAllBehindSomethingUnseen(List<Answer> answers) {
        for (Answer answer : answers) {
            if (!(answer instanceof Answer.Parked parked && parked.waitsFor().isEmpty())) {
                return false;
            }
        }
        return true;
    }

    private static void settle(List<Item> group, List<Answer> answers, Parking parking) {
        if (areAllBehindSomethingUnseen(answers)) {
            // One of them waits for what nobody can see yet: the next time they go in smaller groups, to find it.
            group.forEach(item -> item.halve(group.size()));
        }
        for (int i = 0; i < group.size(); i++) {
            Item item = group.get(i);
            if (answers.get(i) instanceof Answer.Parked parked) {
                item.parked(parked.waitsFor());
                parking.add(item.request());
            } else {
                item.answer(answers.get(i));
            }
        }
    }
}

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
    private final Watch watch;

    Sending(LedgerStore store, Retry retry) {
        this(store, retry, Watch.NONE);
    }

    Sending(LedgerStore store, Retry retry, Watch watch) {
        this.store = store;
        this.retry = retry;
        this.watch = watch;
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
        int[] tries = new int[2]; // all, and those of them that were lost
        try {
            List<Answer> answers = retry.execute(() -> {
                try {
                    tries[0]++;
                    return attempt(group, requests, deadline);
                } catch (StoreException e) {
                    if (group.size() > 1 && wasLost(e) && ++tries[1] == LOST_GROUPS) {
                        throw new LostAgainException(e);
                    }
                    throw e;
                }
            });
            settleOrDoubt(group, answers, parking);
        } catch (LostAgainException e) {
            watch.halved(tries[0], e);
            sendHalves(group, deadline, parking);
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.ONE_REQUEST && group.size() > 1) {
                watch.halved(tries[0], e);
                sendHalves(group, deadline, parking);
            } else {
                fault(group, e, tries[0]);
            }
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RetryExhaustedException e) {
            fault(group, e, tries[0]);
        } catch (UnexpectedException e) {
            withoutEnd(group).forEach(item -> item.fault(UNEXPECTED, e.getCause(), tries[0]));
        } catch (RuntimeException e) {
            withoutEnd(group).forEach(item -> item.fault(UNEXPECTED, e, tries[0]));
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
    static void fault(List<Item> items, Exception e, int attempts) {
        // The last failure and not the exhausted retry, so that a caller's own retry may send the update again.
        Throwable last = e instanceof RetryExhaustedException ? e.getCause() : e;
        String why = last == null ? "no answer in time" : String.valueOf(last.getMessage());
        String tried =
                e instanceof RetryExhaustedException exhausted ? "; tried " + exhausted.attempts() + " times" : "";
        items.forEach(item -> item.fault(why + tried, last, attempts));
    }

    private List<Answer> attempt(List<Item> group, List<Request> requests, Deadline deadline) throws StoreException {
        if (deadline.expired()) {
            throw new StoreException(
                    StoreException.Phase.ACQUIRE,
                    StoreException.Trouble.PERMANENT,
                    group.get(0).late(),
                    null);
        }
        long began = watch.begin();
        try {
            boolean waits = group.stream().anyMatch(Item::wasParked);
            List<Answer> answers = store.submit(requests, waits ? deadline.hasty() : deadline);
            if (answers.size() != requests.size()) {
                throw new IllegalStateException(
                        "the store gave " + answers.size() + " answers to " + requests.size() + " requests");
            }
            watch.committed(answers, began);
            return answers;
        } catch (StoreException e) {
            if (e.trouble() == StoreException.Trouble.UNKNOWN) {
                group.forEach(item -> item.mayBeApplied(e));
            }
            throw e;
        } catch (DecideFunctionException e) {
            throw e;
        } catch (RuntimeException e) {
            // Not what the port allows, so nothing is known of the transaction, nor of what the message may hold.
            group.forEach(item -> item.mayBeApplied(e));
            throw new UnexpectedException(e);
        } catch (Error e) {
            group.forEach(item -> item.mayBeApplied(e));
            throw e;
        }
    }

    private static List<Item> withoutEnd(List<Item> items) {
        return items.stream().filter(item -> !item.hasEnd()).toList();
    }

    private void settleOrDoubt(List<Item> group, List<Answer> answers, Parking parking) {
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

    private void settle(List<Item> group, List<Answer> answers, Parking parking) {
        if (areAllBehindSomethingUnseen(answers)) {
            // One of them waits for what nobody can see yet: the next time they go in smaller groups, to find it.
            group.forEach(item -> item.halve(group.size()));
        }
        for (int i = 0; i < group.size(); i++) {
            Item item = group.get(i);
            if (answers.get(i) instanceof Answer.Parked parked) {
                if (item.parked(parked.waitsFor())) {
                    watch.parked(item.request(), parked.waitsFor());
                }
                parking.add(item.request());
            } else {
                item.answer(answers.get(i));
            }
        }
    }
}

package dev.counterfoil.spi;

import dev.counterfoil.retry.Retry;
import dev.counterfoil.retry.RetryExhaustedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Every caller's requests in transactions of their own: group by group; what is parked waits until the others were sent. */
final class DirectSubmission implements Submission {
    private final Sending sending;
    private final Retry retry;

    DirectSubmission(Sending sending, Retry retry) {
        this.sending = sending;
        this.retry = retry;
    }

    @Override
    public List<End> run(List<? extends Request> requests, Supplier<Deadline> deadlines, BooleanSupplier closed) {
        List<Item> items = new ArrayList<>(requests.size());
        for (Request request : requests) {
            items.add(new Item(request));
        }
        Deadline deadline = deadlines.get();
        boolean begun = false;
        Parking parking = new Parking(Set.of());
        for (List<Item> group : GroupRoom.of(items)) {
            if (begun && closed.getAsBoolean()) {
                group.forEach(item -> item.fault("the ledger was closed meanwhile", null));
            } else {
                deadline = begun ? deadlines.get() : deadline;
                sending.send(group, deadline, parking);
            }
            begun = true;
        }
        List<Item> parked = withoutEnd(items);
        if (!parked.isEmpty()) {
            finish(parked, deadline);
        }
        return items.stream().map(Item::end).toList();
    }

    @Override
    public End run(Request request, Deadline deadline) {
        Item item = new Item(request);
        List<Item> alone = List.of(item);
        sending.send(alone, deadline, new Parking(Set.of()));
        if (!item.hasEnd()) {
            finish(alone, deadline);
        }
        return item.end();
    }

    /** Sends what is parked again and again, in its order. */
    private void finish(List<Item> items, Deadline deadline) {
        try {
            retry.execute(() -> {
                List<Item> parked = withoutEnd(items);
                int before = parked.size() + 1;
                while (!parked.isEmpty() && parked.size() < before) {
                    before = parked.size();
                    sendAgain(parked, deadline);
                    parked = withoutEnd(parked);
                }
                if (!parked.isEmpty()) {
                    // Nothing came of it: wait as after any other contention, holding no connection meanwhile.
                    throw new StoreException(
                            StoreException.Phase.ACQUIRE,
                            StoreException.Trouble.TRANSIENT,
                            parked.get(0).late(),
                            null);
                }
                return items;
            });
        } catch (StoreException | RetryExhaustedException e) {
            // How often it was looked for room is no number of attempts.
            Sending.fault(withoutEnd(items), e, 0);
        }
    }

    private void sendAgain(List<Item> parked, Deadline deadline) {
        Parking parking = new Parking(Set.of());
        for (List<Item> group : GroupRoom.of(parked)) {
            sending.send(group, deadline, parking);
        }
    }

    private static List<Item> withoutEnd(List<Item> items) {
        return items.stream().filter(item -> !item.hasEnd()).toList();
    }
}

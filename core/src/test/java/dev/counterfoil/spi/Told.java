package dev.counterfoil.spi;

import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerGauges;
import dev.counterfoil.LedgerListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps what it is told, and who told it. */
final class Told implements LedgerListener {
    private final List<LedgerEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    private final List<LedgerGauges> gauges = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void on(LedgerEvent event) {
        events.add(event);
        threads.add(Thread.currentThread());
    }

    @Override
    public void attached(LedgerGauges added) {
        gauges.add(added);
    }

    @Override
    public void detached(LedgerGauges removed) {
        gauges.remove(removed);
    }

    List<LedgerEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    <T extends LedgerEvent> List<T> all(Class<T> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<Class<?>> kinds() {
        return events().stream().<Class<?>>map(Object::getClass).toList();
    }

    List<Thread> threads() {
        synchronized (threads) {
            return List.copyOf(threads);
        }
    }

    List<LedgerGauges> gauges() {
        return gauges;
    }
}

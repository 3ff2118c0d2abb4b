package dev.counterfoil.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A link to a database server that fails as networks fail: it listens on a port of this machine, carries everything on to the
 * server, and does to each COMMIT what its {@link Faults} say. It shows what an application does when the answer to COMMIT is
 * lost.
 *
 * <pre>{@code
 * try (FlakyLink link = FlakyLink.toPostgres("localhost", 5432)) {
 *     dataSource.setUrl("jdbc:postgresql://" + link.host() + ":" + link.port() + "/books?sslmode=disable&gssEncMode=disable");
 *     link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
 *     service.pay(invoice); // was it paid, once, and does the service know?
 * }
 * }</pre>
 *
 * <p>It reads plain text only: encryption and compression must be switched off. Safe for use by many threads.
 */
public final class FlakyLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FlakyLink.class.getName());

    private final InetSocketAddress target;
    private final Supplier<Wire> wires;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Passage> held = new LinkedBlockingQueue<>();

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger cutsAtBytes = new AtomicInteger();

    // Guards the three below.
    private final Object lock = new Object();
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    private Faults faults = Faults.none();
    private int commit;

    private volatile Budget budget = number -> Long.MAX_VALUE;
    private volatile boolean closed;

    /** How many bytes a connection carries. */
    private interface Budget {
        long bytes(int connection);
    }

    private FlakyLink(InetSocketAddress target, Supplier<Wire> wires) {
        this.target = target;
        this.wires = wires;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.acceptor = thread(this::accept);
    }

    /** A link to a PostgreSQL server, or one that speaks its protocol; without faults yet. */
    public static FlakyLink toPostgres(String host, int port) {
        return open(host, port, PostgresWire::new);
    }

    /** A link to a MariaDB or MySQL server, or one that speaks their protocol; without faults yet. */
    public static FlakyLink toMariaDb(String host, int port) {
        return open(host, port, MysqlWire::new);
    }

    private static FlakyLink open(String host, int port, Supplier<Wire> wires) {
        FlakyLink link = new FlakyLink(InetSocketAddress.createUnresolved(host, port), wires);
        link.acceptor.start();
        return link;
    }

    /** Where clients connect to. */
    public String host() {
        return listener.getInetAddress().getHostAddress();
    }

    /** The port that clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Sets what happens to COMMITs from now on; the next one is number 1. */
    public void faults(Faults next) {
        synchronized (lock) {
            faults = Objects.requireNonNull(next, "next");
            commit = 0;
        }
    }

    /**
     * Cuts each connection that is opened from now on, at any moment of its life: after a random number of bytes, both
     * directions counted.
     *
     * @param seed the same seed gives the same numbers
     * @param most the most bytes that a connection carries; 0 to cut no more
     */
    public void cutWithin(long seed, int most) {
        budget = most == 0
                ? number -> Long.MAX_VALUE
                : number -> new SplittableRandom(seed * 31 + number).nextInt(most) + 1L;
    }

    /** Cuts the connections there are now, and forgets the COMMITs that are held. */
    public void cut() {
        held.clear();
        passages.forEach(Passage::cut);
    }

    /** The server hangs: connections that there are now carry nothing to their clients any more, and stay open. */
    public void hang() {
        passages.forEach(Passage::mute);
    }

    /**
     * Delivers the COMMITs that are {@linkplain Fault#HOLD_COMMIT held}, and comes back when they took effect.
     *
     * @return how many; one that the server has given up meanwhile does not count
     */
    public int deliver() {
        int delivered = 0;
        for (Passage next = held.poll(); next != null; next = held.poll()) {
            delivered += next.deliver() ? 1 : 0;
        }
        return delivered;
    }

    /** How many COMMITs are held now; those that the server has given up do not count. */
    public int held() {
        return (int) held.stream().filter(Passage::isAwaited).count();
    }

    /** How many connections clients have opened. */
    public int connections() {
        return connections.get();
    }

    /** How many COMMITs went by, faults or not. */
    public int commits() {
        return commits.get();
    }

    /** How many COMMITs met this fault. */
    public int count(Fault fault) {
        synchronized (lock) {
            return counts.getOrDefault(fault, 0);
        }
    }

    /** How many connections were cut at a random byte. */
    public int cutsAtBytes() {
        return cutsAtBytes.get();
    }

    /** Cuts all connections and listens no more; none of its threads is left. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        join(acceptor);
        cut();
        passages.forEach(Passage::join);
    }

    /** What it did so far, for a log. */
    @Override
    public String toString() {
        List<String> parts = Arrays.stream(Fault.values())
                .filter(fault -> count(fault) > 0)
                .map(fault -> count(fault) + " " + fault)
                .toList();
        return connections() + " connections, " + cutsAtBytes() + " of them cut at a byte; " + commits() + " commits: "
                + String.join(", ", parts);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listener.accept();
                passages.removeIf(passage -> !passage.isAlive());
                Passage passage = new Passage(this, client, wires.get(), budget.bytes(connections.incrementAndGet()));
                passages.add(passage);
                passage.start();
            } catch (IOException e) {
                broke(e);
            }
        }
    }

    InetSocketAddress target() {
        return target;
    }

    Thread thread(Runnable work) {
        Thread thread = new Thread(work, "flaky-link-" + listener.getLocalPort());
        thread.setDaemon(true);
        return thread;
    }

    Fault nextFault() {
        synchronized (lock) {
            commits.incrementAndGet();
            Fault fault = faults.at(++commit);
            counts.merge(fault, 1, Integer::sum);
            return fault;
        }
    }

    void held(Passage passage) {
        held.add(passage);
    }

    void cutAtByte() {
        cutsAtBytes.incrementAndGet();
    }

    /** Connections that break are its business; what is no such thing must not go unseen. */
    void broke(IOException e) {
        if (!(e instanceof SocketException) && !closed) {
            LOG.log(System.Logger.Level.WARNING, "a connection was cut: {0}", e.getMessage());
        }
    }

    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

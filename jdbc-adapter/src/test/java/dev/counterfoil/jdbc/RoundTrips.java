package dev.counterfoil.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * A relay between driver and PostgreSQL that counts round trips on the wire: how often all that the client has asked was
 * answered, and it had not begun to send anything more. It must have waited then; what is answered while it sends more, as
 * drivers do with BEGIN, is no round trip. Reads unencrypted connections.
 */
final class RoundTrips implements AutoCloseable {
    private final ServerSocket door;
    private final int server;
    private final AtomicInteger trips = new AtomicInteger();

    /** A relay to a port of this machine. */
    RoundTrips(int server) throws IOException {
        this.server = server;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    /** Where to connect instead. */
    int port() {
        return door.getLocalPort();
    }

    /** The round trips since the last time. */
    int take() {
        return trips.getAndSet(0);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket link = new Socket(InetAddress.getLoopbackAddress(), server);
                client.setTcpNoDelay(true);
                link.setTcpNoDelay(true);
                Talk talk = new Talk();
                thread(() -> forward(client, link, talk::asks));
                thread(() -> forward(link, client, talk::answers));
            }
        } catch (IOException e) {
            // The door was closed.
        }
    }

    private interface Listener {
        void hears(byte[] bytes, int length);
    }

    private static void forward(Socket from, Socket to, Listener listener) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                // Before it goes on: who has the answer finds it counted.
                listener.hears(buffer, n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One of the two is gone, and the other learns it by this.
        }
    }

    /** What one connection says. A query, or a Sync behind other messages, is answered by all that ends in ReadyForQuery. */
    private final class Talk {
        // The first message of a client has no type.
        private final Messages client = new Messages(false);
        private final Messages answer = new Messages(true);
        private int open = 1;
        private boolean begun;

        synchronized void asks(byte[] bytes, int length) {
            client.read(bytes, length, type -> {
                begun = type != 'Q' && type != 'S';
                open += begun ? 0 : 1;
            });
            begun |= client.isInside();
        }

        synchronized void answers(byte[] bytes, int length) {
            answer.read(bytes, length, type -> {
                if (type == 'Z' && --open == 0 && !begun) {
                    trips.incrementAndGet();
                }
            });
        }
    }

    /** Finds the messages in a stream: a byte for the type, then the length of the rest, itself included, in four bytes. */
    private static final class Messages {
        private boolean typed;
        private int type;
        private int header;
        private int length;

        Messages(boolean typed) {
            this.typed = typed;
            header = typed ? 0 : 1;
        }

        boolean isInside() {
            return header > (typed ? 0 : 1);
        }

        void read(byte[] bytes, int count, IntConsumer ended) {
            for (int i = 0; i < count; i++) {
                if (header == 0) {
                    type = bytes[i];
                    header = 1;
                } else if (header < 5) {
                    length = (length << 8) | (bytes[i] & 0xff);
                    header++;
                } else {
                    length--;
                }
                if (header == 5 && length == 4) {
                    ended.accept(type);
                    typed = true;
                    header = 0;
                    length = 0;
                }
            }
        }
    }

    private static void thread(Runnable run) {
        Thread thread = new Thread(run, "round trips");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.counterfoil.testkit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link FlakyLink}, with a thread for each direction. */
final class Passage {
    private static final int CONNECT_MILLIS = 10_000;

    private final FlakyLink link;
    private final Socket client;
    private final Socket server = new Socket();
    private final Wire wire;
    private final AtomicLong bytesLeft;
    private final AtomicBoolean cutAtByte = new AtomicBoolean();
    private final Thread up;
    private final Thread down;

    /** True once the client gets no more answers. */
    private volatile boolean mute;

    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch serverEnded = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean delivered;
    private volatile @Nullable OutputStream answers;

    Passage(FlakyLink link, Socket client, Wire wire, long bytesLeft) {
        this.link = link;
        this.client = client;
        this.wire = wire;
        this.bytesLeft = new AtomicLong(bytesLeft);
        this.up = link.thread(this::up);
        this.down = link.thread(this::down);
    }

    void start() {
        up.start();
    }

    boolean isAlive() {
        return up.isAlive() || down.isAlive();
    }

    void join() {
        FlakyLink.join(up);
        FlakyLink.join(down);
    }

    private void up() {
        try {
            connect();
            DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
            OutputStream out = server.getOutputStream();
            boolean goesOn = true;
            while (goesOn) {
                byte[] request = wire.next(in);
                if (wire.commits()) {
                    goesOn = commit(request, out);
                } else {
                    carry(request, request.length, out);
                }
            }
        } catch (EOFException e) {
            // The client has closed it.
        } catch (IOException e) {
            link.broke(e);
        } finally {
            cut();
            ended.countDown();
        }
    }

    private void connect() throws IOException {
        InetSocketAddress target = link.target();
        server.connect(new InetSocketAddress(target.getHostString(), target.getPort()), CONNECT_MILLIS);
        server.setTcpNoDelay(true);
        client.setTcpNoDelay(true);
        // Asked for here, since the client's side may be closed before the other thread has begun.
        answers = client.getOutputStream();
        down.start();
    }

    private void down() {
        byte[] chunk = new byte[8192];
        try {
            InputStream in = server.getInputStream();
            OutputStream out = Objects.requireNonNull(answers);
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                wire.answered(chunk, length);
                if (mute) {
                    answered.countDown();
                } else {
                    carry(chunk, length, out);
                }
            }
        } catch (IOException e) {
            // Cut, by either side or by the link.
        } finally {
            answered.countDown();
            serverEnded.countDown();
            if (!mute) {
                cut();
            }
        }
    }

    /** False where the connection ends with it. */
    private boolean commit(byte[] commit, OutputStream out) throws IOException {
        switch (link.nextFault()) {
            case PASS -> carry(commit, commit.length, out);
            case CUT_BEFORE_COMMIT -> {
                return false;
            }
            case CUT_AFTER_COMMIT -> {
                mute = true;
                settle(commit, out);
                return false;
            }
            case HOLD_COMMIT -> {
                mute = true;
                client.close();
                hold(commit, out);
                return false;
            }
            case STALL -> {
                mute = true;
                out.write(commit);
            }
            case HALF_CLOSE -> {
                mute = true;
                out.write(commit);
                await(answered);
                client.shutdownOutput();
            }
        }
        return true;
    }

    private void hold(byte[] commit, OutputStream out) throws IOException {
        link.held(this);
        await(released);
        if (delivered && isAwaited()) {
            settle(commit, out);
        }
    }

    /** The server does what it was sent, and then finds that nothing more comes: at its end the COMMIT has taken effect. */
    private void settle(byte[] commit, OutputStream out) throws IOException {
        out.write(commit);
        server.shutdownOutput();
        await(serverEnded);
    }

    /** Lets a held COMMIT go on, and waits until it took effect; false where the server waits for it no longer. */
    boolean deliver() {
        boolean inTime = isAwaited();
        delivered = true;
        released.countDown();
        await(ended);
        return inTime;
    }

    /** True while the server waits for what is still to come. */
    boolean isAwaited() {
        return serverEnded.getCount() > 0;
    }

    private void carry(byte[] bytes, int length, OutputStream out) throws IOException {
        long left = bytesLeft.getAndAdd(-length);
        if (left >= length) {
            out.write(bytes, 0, length);
            return;
        }
        if (cutAtByte.compareAndSet(false, true)) {
            link.cutAtByte();
            out.write(bytes, 0, (int) Math.max(0, left));
        }
        throw new EOFException("cut at a byte");
    }

    /** The client gets no more answers. */
    void mute() {
        mute = true;
    }

    /** Cuts it; what was on its way to the client is lost. */
    void cut() {
        released.countDown();
        try {
            if (!client.isClosed()) {
                client.setSoLinger(true, 0);
            }
            client.close();
        } catch (IOException e) {
            // Cut already.
        }
        try {
            server.close();
        } catch (IOException e) {
            // Cut already.
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

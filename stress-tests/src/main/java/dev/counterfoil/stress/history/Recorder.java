package dev.counterfoil.stress.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the history of one process into a file. A line is handed to the operating system before the call that it tells of is
 * sent, and another one after its answer: whoever is killed leaves a call without an answer, and nothing that was written is
 * lost with it.
 *
 * <p>Times are {@link System#nanoTime()}, which on Linux is one clock (CLOCK_MONOTONIC) for all processes of a machine; on
 * other systems the histories of two processes cannot be compared.
 */
public final class Recorder implements AutoCloseable {
    private final String process;
    private final FileChannel file;
    private final AtomicLong calls = new AtomicLong();

    /**
     * Begins a history, or goes on with it.
     *
     * @param process names the process; unique among those whose histories are checked together
     * @param file where it is written
     */
    public Recorder(String process, Path file) throws IOException {
        this.process = process;
        this.file = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes that a call is about to be sent, and gives its name. */
    String ask(Call.Kind kind, String key, String content) {
        String id = process + "." + calls.incrementAndGet();
        // The clock is read before the call begins and, below, after it has ended: it took effect in between.
        write("ask", id, Long.toString(System.nanoTime()), kind.name(), key, content);
        return id;
    }

    /** Writes what a call was answered. */
    void got(String id, Answer answer) {
        write("got", id, Long.toString(System.nanoTime()), answer.text());
    }

    private synchronized void write(String... columns) {
        try {
            file.write(ByteBuffer.wrap((String.join("\t", columns) + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

package dev.counterfoil.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The protocol of MariaDB and MySQL, without encryption and compression. A request is one command. Source:
 * https://mariadb.com/docs/server/reference/clientserver-protocol
 */
final class MysqlWire implements Wire {
    private static final int LONGEST_PACKET = 0xFF_FFFF;
    private static final int HEADER = 4;

    private static final int CLIENT_COMPRESS = 0x20;
    private static final int CLIENT_SSL = 0x800;
    private static final int CLIENT_QUERY_ATTRIBUTES = 0x0800_0000;

    private static final int COM_QUERY = 0x03;
    private static final int COM_STMT_PREPARE = 0x16;
    private static final int COM_STMT_EXECUTE = 0x17;
    private static final int COM_STMT_CLOSE = 0x19;

    /** To MariaDB, the statement prepared last. */
    private static final int LAST_PREPARED = -1;

    private final Set<Integer> statements = ConcurrentHashMap.newKeySet();
    private boolean attributes;
    private boolean started;
    private boolean commits;
    private boolean lastPrepared;

    /** True while the answer to the preparing of a COMMIT is awaited, which brings its number. */
    private volatile boolean awaitsNumber;

    @Override
    public byte[] next(DataInputStream client) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        int sequence = -1;
        int length;
        do {
            byte[] header = new byte[HEADER];
            client.readFully(header);
            length = littleEndian(header, 0) & LONGEST_PACKET;
            sequence = sequence < 0 ? header[3] : sequence;
            byte[] part = new byte[length];
            client.readFully(part);
            bytes.write(header);
            bytes.write(part);
            payload.write(part);
        } while (length == LONGEST_PACKET);
        byte[] command = payload.toByteArray();
        if (!started) {
            start(command);
        }
        // Commands begin with zero; what belongs to the greeting goes on counting.
        commits = sequence == 0 && command.length > 0 && commits(command);
        return bytes.toByteArray();
    }

    @Override
    public boolean commits() {
        return commits;
    }

    private void start(byte[] answer) throws IOException {
        int capabilities = answer.length < Integer.BYTES ? 0 : littleEndian(answer, 0);
        if ((capabilities & (CLIENT_SSL | CLIENT_COMPRESS)) != 0) {
            throw new IOException("the client asks for encryption or compression; is sslMode=disable set?");
        }
        attributes = (capabilities & CLIENT_QUERY_ATTRIBUTES) != 0;
        started = true;
    }

    private boolean commits(byte[] command) {
        switch (command[0]) {
            case COM_QUERY -> {
                return Wire.isCommit(text(command, attributes ? 3 : 1));
            }
            case COM_STMT_PREPARE -> {
                lastPrepared = Wire.isCommit(text(command, 1));
                awaitsNumber = lastPrepared;
                return false;
            }
            case COM_STMT_EXECUTE -> {
                int number = littleEndian(command, 1);
                return number == LAST_PREPARED ? lastPrepared : statements.contains(number);
            }
            case COM_STMT_CLOSE -> {
                statements.remove(littleEndian(command, 1));
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    @Override
    public void answered(byte[] bytes, int length) {
        if (awaitsNumber && length >= HEADER + 1 + Integer.BYTES) {
            awaitsNumber = false;
            if (bytes[HEADER] == 0) {
                statements.add(littleEndian(bytes, HEADER + 1));
            }
        }
    }

    private static String text(byte[] command, int from) {
        return new String(Arrays.copyOfRange(command, Math.min(from, command.length), command.length), UTF_8);
    }

    private static int littleEndian(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }
}

package dev.counterfoil.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * PostgreSQL's protocol, version 3, without encryption. A request is a simple query, or the messages of an extended one up to
 * its Sync. Source: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
final class PostgresWire implements Wire {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    /** Far beyond what a client says of itself; the first bytes of an encrypted stream read as more. */
    private static final int LONGEST_START = 10_000;

    /** Parse, Bind, Describe, Execute and Close: the server may keep its answers until more comes. */
    private static final String MORE_COMES = "PBDEC";

    private final Set<String> statements = new HashSet<>();
    private final Set<String> portals = new HashSet<>();
    private boolean started;
    private boolean commits;

    @Override
    public byte[] next(DataInputStream client) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream copy = new DataOutputStream(bytes);
        commits = false;
        int type = 0;
        do {
            if (started) {
                type = client.readUnsignedByte();
                copy.writeByte(type);
            }
            int length = client.readInt();
            if (length < Integer.BYTES || (!started && length > LONGEST_START)) {
                throw new IOException("this is not PostgreSQL's protocol in plain text; is sslmode=disable set?");
            }
            byte[] body = new byte[length - Integer.BYTES];
            client.readFully(body);
            copy.writeInt(length);
            copy.write(body);
            if (started) {
                commits |= commits(type, body);
            } else {
                start(body);
            }
        } while (MORE_COMES.indexOf(type) >= 0);
        return bytes.toByteArray();
    }

    @Override
    public boolean commits() {
        return commits;
    }

    private void start(byte[] body) throws IOException {
        int code = new DataInputStream(new ByteArrayInputStream(body)).readInt();
        started = code != SSL_REQUEST && code != GSS_REQUEST;
    }

    /** Follows the names of statements and portals: a driver parses COMMIT once and then names it. */
    private boolean commits(int type, byte[] body) {
        switch (type) {
            case 'Q' -> {
                return Wire.isCommit(text(body, 0));
            }
            case 'P' -> {
                String name = text(body, 0);
                note(statements, name, Wire.isCommit(text(body, length(name))));
            }
            case 'B' -> {
                String portal = text(body, 0);
                note(portals, portal, statements.contains(text(body, length(portal))));
            }
            case 'E' -> {
                return portals.contains(text(body, 0));
            }
            case 'C' -> note(body[0] == 'S' ? statements : portals, text(body, 1), false);
            default -> {
                // Nothing that could commit.
            }
        }
        return false;
    }

    private static void note(Set<String> names, String name, boolean commits) {
        if (commits) {
            names.add(name);
        } else {
            names.remove(name);
        }
    }

    private static String text(byte[] body, int from) {
        int end = from;
        while (end < body.length && body[end] != 0) {
            end++;
        }
        return new String(body, from, end - from, UTF_8);
    }

    /** With the zero behind it. */
    private static int length(String text) {
        return text.getBytes(UTF_8).length + 1;
    }
}

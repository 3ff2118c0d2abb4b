package dev.counterfoil.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which requests commit, and that every byte comes out as it went in. */
class WireTest {
    private final PostgresWire postgres = new PostgresWire();
    private final MysqlWire mysql = new MysqlWire();

    @Test
    void aSimpleCommitIsSeen() throws IOException {
        start();
        assertThat(commits(postgres, Bytes.query("COMMIT"))).isTrue();
        assertThat(commits(postgres, Bytes.query(" commit work;"))).isTrue();
        assertThat(commits(postgres, Bytes.query("END"))).isTrue();
        assertThat(commits(postgres, Bytes.query("COMMIT PREPARED 'x'"))).isFalse();
        assertThat(commits(postgres, Bytes.query("SELECT 'COMMIT'"))).isFalse();
        assertThat(commits(postgres, Bytes.query("committed"))).isFalse();
        assertThat(commits(postgres, Bytes.query("ROLLBACK"))).isFalse();
    }

    @Test
    void aPreparedCommitIsSeenWhereverItsNameIsBound() throws IOException {
        start();
        byte[] parsed = Bytes.join(
                Bytes.typed('P', "S_1\0COMMIT\0\0\0"),
                Bytes.typed('B', "\0S_1\0\0\0\0\0\0\0"),
                Bytes.typed('E', "\0\0\0\0\0"),
                Bytes.typed('S', ""));
        assertThat(commits(postgres, parsed)).isTrue();
        byte[] bound = Bytes.join(
                Bytes.typed('B', "\0S_1\0\0\0\0\0\0\0"), Bytes.typed('E', "\0\0\0\0\0"), Bytes.typed('S', ""));
        assertThat(commits(postgres, bound)).isTrue();
        byte[] other = Bytes.join(
                Bytes.typed('P', "S_2\0SELECT 1\0\0\0"),
                Bytes.typed('B', "\0S_2\0\0\0\0\0\0\0"),
                Bytes.typed('E', "\0\0\0\0\0"),
                Bytes.typed('S', ""));
        assertThat(commits(postgres, other)).isFalse();
        byte[] closed = Bytes.join(
                Bytes.typed('C', "SS_1\0"),
                Bytes.typed('B', "\0S_1\0\0\0\0\0\0\0"),
                Bytes.typed('E', "\0\0\0\0\0"),
                Bytes.typed('S', ""));
        assertThat(commits(postgres, closed)).isFalse();
    }

    @Test
    void encryptionIsAskedForBeforeTheStartAndNotUnderstood() throws IOException {
        assertThat(commits(postgres, Bytes.join(Bytes.number(8), Bytes.number(80877103))))
                .isFalse();
        start();
        assertThat(commits(postgres, Bytes.query("COMMIT"))).isTrue();

        PostgresWire encrypted = new PostgresWire();
        byte[] hello = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01};
        assertThatThrownBy(() -> commits(encrypted, hello))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sslmode=disable");
        byte[] capabilities = {0x00, 0x0A, 0, 0};
        assertThatThrownBy(() -> commits(mysql, Bytes.packet(1, capabilities)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("encryption");
    }

    @Test
    void aCommandThatCommitsIsSeen() throws IOException {
        assertThat(commits(mysql, Bytes.packet(1, new byte[32]))).isFalse();
        assertThat(commits(mysql, Bytes.packet(0, Bytes.command(3, "COMMIT")))).isTrue();
        assertThat(commits(mysql, Bytes.packet(0, Bytes.command(3, "SELECT 1"))))
                .isFalse();
        // Not a command: part of a greeting, however it reads.
        assertThat(commits(mysql, Bytes.packet(3, Bytes.command(3, "COMMIT")))).isFalse();
    }

    @Test
    void aPreparedCommandThatCommitsIsSeenByItsNumberOrAsTheLastOne() throws IOException {
        assertThat(commits(mysql, Bytes.packet(1, new byte[32]))).isFalse();
        assertThat(commits(mysql, Bytes.packet(0, Bytes.command(0x16, "COMMIT"))))
                .isFalse();
        byte[] last = {0x17, -1, -1, -1, -1, 0, 1, 0, 0, 0};
        assertThat(commits(mysql, Bytes.packet(0, last))).isTrue();
        byte[] answer = Bytes.packet(1, new byte[] {0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        mysql.answered(answer, answer.length);
        byte[] seventh = {0x17, 7, 0, 0, 0, 0, 1, 0, 0, 0};
        assertThat(commits(mysql, Bytes.packet(0, seventh))).isTrue();
        byte[] eighth = {0x17, 8, 0, 0, 0, 0, 1, 0, 0, 0};
        assertThat(commits(mysql, Bytes.packet(0, eighth))).isFalse();
        assertThat(commits(mysql, Bytes.packet(0, new byte[] {0x19, 7, 0, 0, 0})))
                .isFalse();
        assertThat(commits(mysql, Bytes.packet(0, seventh))).isFalse();
    }

    @Test
    void aCommandLongerThanAPacketIsOneRequest() throws IOException {
        assertThat(commits(mysql, Bytes.packet(1, new byte[32]))).isFalse();
        byte[] text = Bytes.command(3, "COMMIT ".repeat(0xFF_FFFF / 7 + 1));
        byte[] first = Arrays.copyOf(text, 0xFF_FFFF);
        byte[] rest = Arrays.copyOfRange(text, 0xFF_FFFF, text.length);
        assertThat(commits(mysql, Bytes.join(Bytes.packet(0, first), Bytes.packet(1, rest))))
                .isTrue();
    }

    @Test
    void theEndOfTheStreamIsTold() {
        assertThatThrownBy(() -> postgres.next(new DataInputStream(new ByteArrayInputStream(new byte[0]))))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> mysql.next(new DataInputStream(new ByteArrayInputStream(new byte[0]))))
                .isInstanceOf(EOFException.class);
    }

    private void start() throws IOException {
        assertThat(commits(postgres, Bytes.start())).isFalse();
    }

    /** Of one request, whose bytes come out as they went in. */
    private static boolean commits(Wire wire, byte[] bytes) throws IOException {
        assertThat(wire.next(new DataInputStream(new ByteArrayInputStream(bytes))))
                .isEqualTo(bytes);
        return wire.commits();
    }

    /** Messages of both protocols. */
    static final class Bytes {
        private Bytes() {}

        static byte[] start() {
            byte[] body = "user\0me\0\0".getBytes(UTF_8);
            return join(number(8 + body.length), number(196608), body);
        }

        static byte[] query(String sql) {
            return typed('Q', sql + '\0');
        }

        static byte[] typed(char type, String body) {
            byte[] bytes = body.getBytes(UTF_8);
            return join(new byte[] {(byte) type}, number(4 + bytes.length), bytes);
        }

        static byte[] number(int n) {
            return new byte[] {(byte) (n >> 24), (byte) (n >> 16), (byte) (n >> 8), (byte) n};
        }

        static byte[] packet(int sequence, byte[] payload) {
            int n = payload.length;
            return join(new byte[] {(byte) n, (byte) (n >> 8), (byte) (n >> 16), (byte) sequence}, payload);
        }

        static byte[] command(int code, String text) {
            return join(new byte[] {(byte) code}, text.getBytes(UTF_8));
        }

        static byte[] join(byte[]... parts) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                all.writeBytes(part);
            }
            return all.toByteArray();
        }
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.testkit.WireTest.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What arrives at either end, between a client and a server that are plain sockets in the hands of the test. */
@Timeout(60)
class FlakyLinkTest {
    private static final byte[] COMMIT = Bytes.query("COMMIT");
    private static final int END = -1;

    private ServerSocket listener;
    private FlakyLink link;
    private Socket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        link = FlakyLink.toPostgres("localhost", listener.getLocalPort());
        client = new Socket(link.host(), link.port());
        server = listener.accept();
        send(client, Bytes.start());
        assertThat(read(server, Bytes.start().length)).isEqualTo(Bytes.start());
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        client.close();
        server.close();
        listener.close();
        assertThat(threads()).isEmpty();
    }

    private List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("flaky-link-" + link.port()))
                .toList();
    }

    @Test
    void withoutFaultsEverythingPassesBothWays() throws IOException {
        byte[] select = Bytes.query("SELECT 1");
        send(client, Bytes.join(select, COMMIT));
        assertThat(read(server, select.length + COMMIT.length)).isEqualTo(Bytes.join(select, COMMIT));
        send(server, new byte[] {1, 2, 3});
        assertThat(read(client, 3)).isEqualTo(new byte[] {1, 2, 3});
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(END);
        assertThat(link.commits()).isEqualTo(1);
        assertThat(link.count(Fault.PASS)).isEqualTo(1);
        assertThat(link.connections()).isEqualTo(1);
    }

    @Test
    void aCommitThatIsCutBeforeDoesNotArrive() throws IOException {
        link.faults(Faults.script(Fault.CUT_BEFORE_COMMIT));
        byte[] insert = Bytes.query("INSERT");
        send(client, Bytes.join(insert, COMMIT));
        assertThat(read(server, insert.length)).isEqualTo(insert);
        assertThat(server.getInputStream().read()).isEqualTo(END);
        assertCut();
    }

    @Test
    void aCommitThatIsCutAfterArrivesAndItsAnswerDoesNot() throws IOException {
        link.faults(Faults.script(Fault.CUT_AFTER_COMMIT));
        send(client, COMMIT);
        assertThat(read(server, COMMIT.length)).isEqualTo(COMMIT);
        send(server, new byte[] {1});
        // The client is cut when the server is done, and not before.
        assertSilent();
        assertThat(server.getInputStream().read()).isEqualTo(END);
        server.close();
        assertCut();
    }

    @Test
    void aHeldCommitArrivesLaterWhileTheClientIsGone() throws IOException {
        link.faults(Faults.script(Fault.HOLD_COMMIT));
        send(client, COMMIT);
        assertThat(client.getInputStream().read()).isEqualTo(END);
        while (link.held() == 0) {
            Thread.onSpinWait();
        }
        assertThat(server.getInputStream().available()).isZero();
        Thread deliverer = new Thread(link::deliver);
        deliverer.start();
        assertThat(read(server, COMMIT.length)).isEqualTo(COMMIT);
        assertThat(server.getInputStream().read()).isEqualTo(END);
        server.close();
        FlakyLink.join(deliverer);
        assertThat(link.held()).isZero();
        assertThat(link.deliver()).isZero();
    }

    @Test
    void aHeldCommitThatTheServerHasGivenUpIsNeitherHeldNorDelivered() throws IOException {
        link.faults(Faults.script(Fault.HOLD_COMMIT));
        send(client, COMMIT);
        while (link.held() == 0) {
            Thread.onSpinWait();
        }
        server.close();
        while (link.held() > 0) {
            Thread.onSpinWait();
        }
        assertThat(link.deliver()).isZero();
    }

    @Test
    void aStalledAnswerNeverComesAndTheConnectionStaysOpen() throws IOException {
        link.faults(Faults.script(Fault.STALL));
        send(client, COMMIT);
        assertThat(read(server, COMMIT.length)).isEqualTo(COMMIT);
        send(server, new byte[] {1});
        assertSilent();
        client.close();
        assertThat(server.getInputStream().read()).isEqualTo(END);
    }

    @Test
    void aHalfClosedConnectionCarriesOnlyWhatTheClientSays() throws IOException {
        link.faults(Faults.script(Fault.HALF_CLOSE));
        send(client, COMMIT);
        assertSilent();
        send(server, new byte[] {1});
        assertThat(client.getInputStream().read()).isEqualTo(END);
        byte[] more = Bytes.query("SELECT 1");
        send(client, more);
        assertThat(read(server, COMMIT.length + more.length)).isEqualTo(Bytes.join(COMMIT, more));
    }

    @Test
    void aScriptMeetsOneCommitAfterTheOther() throws IOException {
        link.faults(Faults.script(Fault.PASS, Fault.CUT_BEFORE_COMMIT));
        send(client, Bytes.join(COMMIT, COMMIT));
        assertThat(read(server, COMMIT.length)).isEqualTo(COMMIT);
        assertThat(server.getInputStream().read()).isEqualTo(END);
        assertThat(link.commits()).isEqualTo(2);
        assertThat(link.count(Fault.CUT_BEFORE_COMMIT)).isEqualTo(1);
        assertThat(link).hasToString("1 connections, 0 of them cut at a byte; 2 commits: 1 PASS, 1 CUT_BEFORE_COMMIT");
    }

    @Test
    void aSeedChoosesTheSameFaultsAgain() {
        List<Fault> first = faults(Faults.random(42, 20, Fault.CUT_BEFORE_COMMIT, Fault.STALL));
        assertThat(faults(Faults.random(42, 20, Fault.CUT_BEFORE_COMMIT, Fault.STALL)))
                .isEqualTo(first);
        assertThat(first)
                .contains(Fault.PASS, Fault.CUT_BEFORE_COMMIT, Fault.STALL)
                .doesNotContain(Fault.HALF_CLOSE);
        assertThat(first.stream().filter(fault -> fault != Fault.PASS).count()).isBetween(30L, 80L);
    }

    private static List<Fault> faults(Faults faults) {
        return IntStream.rangeClosed(1, 1000).mapToObj(faults::at).toList();
    }

    @Test
    void aConnectionIsCutAtAnyByte() throws IOException {
        link.cutWithin(42, 100);
        byte[] all = Bytes.join(Bytes.start(), Bytes.query("x".repeat(200)));
        try (Socket cut = new Socket(link.host(), link.port());
                Socket other = listener.accept()) {
            send(cut, all);
            ByteArrayOutputStream arrived = new ByteArrayOutputStream();
            other.getInputStream().transferTo(arrived);
            assertThat(arrived.size()).isBetween(1, 100);
            assertThat(all).startsWith(arrived.toByteArray());
        }
        assertThat(link.cutsAtBytes()).isEqualTo(1);
    }

    @Test
    void allConnectionsCanBeCutAtOnce() throws IOException {
        link.cut();
        assertCut();
        assertThat(server.getInputStream().read()).isEqualTo(END);
    }

    @Test
    void aServerThatHangsHearsAndSaysNothing() throws IOException {
        link.hang();
        send(client, COMMIT);
        assertThat(read(server, COMMIT.length)).isEqualTo(COMMIT);
        send(server, new byte[] {1});
        assertSilent();
        // Not even the server's end is told.
        server.close();
        assertSilent();
    }

    private void assertCut() {
        assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
    }

    /** Nothing comes for a while: what could come would come at once. */
    private void assertSilent() throws IOException {
        client.setSoTimeout(200);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(0);
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private static byte[] read(Socket socket, int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }
}

package dev.counterfoil.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.jdbc.dialect.SqliteDialect;
import dev.counterfoil.spi.Deadline;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptConnectionsTest {
    private static final Deadline SOON = Deadline.after(Duration.ofSeconds(10));

    @TempDir
    Path directory;

    private KeptConnections connections() {
        return new KeptConnections("jdbc:sqlite:" + directory.resolve("books.db"), new SqliteDialect());
    }

    @Test
    void aConnectionThatComesBackIsUsedAgain() throws SQLException {
        try (KeptConnections connections = connections()) {
            Connections.Lease first = connections.take(SOON);
            connections.giveBack(first);
            assertThat(connections.take(SOON)).isSameAs(first);
            connections.drop(first);
            assertThat(first.connection().isClosed()).isTrue();
        }
    }

    @Test
    void noMoreThanAFewAreKept() throws SQLException {
        List<Connections.Lease> leases = new ArrayList<>();
        try (KeptConnections connections = connections()) {
            for (int i = 0; i < 12; i++) {
                leases.add(connections.take(SOON));
            }
            leases.forEach(connections::giveBack);
            assertThat(open(leases)).isEqualTo(8);
        }
        assertThat(open(leases)).isZero();
    }

    @Test
    void aConnectionThatComesBackAfterTheEndIsClosed() throws SQLException {
        Connections connections = connections();
        Connections.Lease late = connections.take(SOON);
        connections.close();
        connections.giveBack(late);
        assertThat(late.connection().isClosed()).isTrue();
    }

    private static int open(List<Connections.Lease> leases) throws SQLException {
        int open = 0;
        for (Connections.Lease lease : leases) {
            open += lease.connection().isClosed() ? 0 : 1;
        }
        return open;
    }
}

package dev.counterfoil.jdbc;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.jdbc.internal.JdbcStore;
import dev.counterfoil.jdbc.internal.Names;
import dev.counterfoil.jdbc.internal.PooledConnections;
import dev.counterfoil.jdbc.internal.WriteTurn;
import dev.counterfoil.spi.AuditStore;
import dev.counterfoil.spi.Deadline;
import java.time.Duration;
import javax.sql.DataSource;

/** What verification asks of a store, asked by a test itself. */
final class Audits {
    private Audits() {}

    /** Of tables that are there, and that nobody else writes to. */
    static AuditStore of(DataSource pool, Dialect dialect) {
        return new JdbcStore(
                        new PooledConnections(pool, dialect),
                        dialect,
                        new Names(dialect, null, "counterfoil_"),
                        WriteTurn.NONE)
                .audit();
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }
}

package dev.counterfoil.jdbc.internal;

import dev.counterfoil.AccountId;
import dev.counterfoil.Cell;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.Deadline;
import dev.counterfoil.spi.LedgerStore.CellHistory;
import dev.counterfoil.spi.Reading;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries that readers ask, in the way that suits a database; each is one consistent view, through indexes. */
interface ReadSql {
    Reading<List<Cell>> accounts(Connection connection, String namespace, List<AccountId> accounts, Deadline deadline)
            throws SQLException;

    Reading<Optional<CellHistory>> history(
            Connection connection, CellAddress address, long after, int limit, Deadline deadline) throws SQLException;

    Reading<List<AccountId>> list(
            Connection connection,
            String namespace,
            String kind,
            String idPrefix,
            @Nullable String after,
            int limit,
            Deadline deadline)
            throws SQLException;

    Reading<List<TrialBalance.Line>> sums(
            Connection connection, String namespace, @Nullable String kind, String idPrefix, Deadline deadline)
            throws SQLException;
}

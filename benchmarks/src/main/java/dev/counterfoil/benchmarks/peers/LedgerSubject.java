package dev.counterfoil.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.benchmarks.load.Standing;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Transfer;
import dev.counterfoil.jdbc.JdbcLedger;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The ledger in a database, called as an application calls it. */
public final class LedgerSubject implements Subject {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final int OPENED_TOGETHER = 500;

    private final HikariDataSource pool;
    private final JdbcLedger ledger;
    private final SqlBooks books;
    private final List<BalanceId> balances = new ArrayList<>();

    private LedgerSubject(HikariDataSource pool, int accounts, boolean groupCommit, String centsOf) {
        this.pool = pool;
        this.books = SqlBooks.ofLedger(centsOf);
        ledger = JdbcLedger.builder(pool)
                .createSchema()
                .requireDurable()
                .groupCommit(groupCommit)
                .timeout(Duration.ofMinutes(2))
                .build();
        for (int i = 0; i < accounts; i++) {
            balances.add(AccountId.of("account", Integer.toString(i)).balance("available", SAR));
        }
    }

    /** A new ledger on PostgreSQL, with its accounts. */
    public static Subject onPostgres(Place place, boolean groupCommit) {
        return open(place, groupCommit, "(%s * 100)::bigint");
    }

    private static Subject open(Place place, boolean groupCommit, String centsOf) {
        LedgerSubject subject = new LedgerSubject(place.pool(), place.accounts(), groupCommit, centsOf);
        subject.open();
        return subject;
    }

    private void open() {
        BigDecimal first = BigDecimal.valueOf(Transfer.FIRST_CENTS, 2);
        for (int i = 0; i < balances.size(); i += OPENED_TOGETHER) {
            Update.Builder opening = Update.of(Key.of("opening", Integer.toString(i)));
            balances.subList(i, Math.min(i + OPENED_TOGETHER, balances.size()))
                    .forEach(balance -> opening.open(balance, first, Limits.nonNegative()));
            ledger.apply(opening.build()).orThrow();
        }
    }

    /** The ledger itself. */
    public Ledger ledger() {
        return ledger;
    }

    /** A transfer as the ledger's update. */
    public Update update(Transfer transfer) {
        return Update.of(transfer.key())
                .transfer(balances.get(transfer.from()), balances.get(transfer.to()), transfer.amount())
                .build();
    }

    @Override
    public boolean transfer(Transfer transfer) {
        return isApplied(ledger.apply(update(transfer)));
    }

    /** True if it was applied, false if the limit refused it. */
    public static boolean isApplied(Outcome outcome) {
        if (outcome instanceof Rejected no && no.reason() == Reason.BELOW_MINIMUM) {
            return false;
        }
        Applied unused = outcome.orThrow();
        return true;
    }

    @Override
    public Standing standing() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return books.read(connection, balances.size());
        }
    }

    @Override
    public void close() {
        ledger.close();
        pool.close();
    }
}

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
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ledger in a database, called as an application calls it. */
public final class LedgerSubject implements Subject {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final int OPENED_TOGETHER = 500;

    private final String url;
    private final @Nullable HikariDataSource pool;
    private final JdbcLedger ledger;
    private final SqlBooks books;
    private final List<BalanceId> balances = new ArrayList<>();

    private LedgerSubject(Place place, @Nullable HikariDataSource pool, boolean groupCommit, String centsOf) {
        this.url = place.url();
        this.pool = pool;
        this.books = SqlBooks.ofLedger(centsOf);
        ledger = (pool == null ? JdbcLedger.builder(url) : JdbcLedger.builder(pool))
                .createSchema()
                .requireDurable()
                .groupCommit(groupCommit)
                .timeout(Duration.ofMinutes(2))
                .build();
        for (int i = 0; i < place.accounts(); i++) {
            balances.add(AccountId.of("account", Integer.toString(i)).balance("available", SAR));
        }
    }

    /** A new ledger on PostgreSQL, with its accounts. */
    public static LedgerSubject onPostgres(Place place, boolean groupCommit) {
        LedgerSubject subject = attach(place, groupCommit);
        subject.open();
        return subject;
    }

    /** A ledger on PostgreSQL whose accounts another process has opened. */
    public static LedgerSubject attach(Place place, boolean groupCommit) {
        return new LedgerSubject(place, place.pool(), groupCommit, "(%s * 100)::bigint");
    }

    /** A new ledger on MariaDB, with its accounts. */
    public static LedgerSubject onMariaDb(Place place) {
        LedgerSubject subject = new LedgerSubject(place, place.pool(), true, "CAST(%s * 100 AS SIGNED)");
        subject.open();
        return subject;
    }

    /** A new ledger in an SQLite file, with its accounts; the ledger has its own connections. */
    public static LedgerSubject onSqlite(Place place) {
        LedgerSubject subject = new LedgerSubject(place, null, true, "CAST(round(CAST(%s AS REAL) * 100) AS INTEGER)");
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
        try (Connection connection = DriverManager.getConnection(url)) {
            return books.read(connection, balances.size());
        }
    }

    @Override
    public void close() {
        ledger.close();
        if (pool != null) {
            pool.close();
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MariaDB through sessions and drivers that are set up in other ways, and with as much text as an update may carry. */
class MariaDbSessionsTest {
    private static final int VALUE_BYTES = 64 * 1024;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&useBulkStmts=true",
                "&useBulkStmts=true&useBulkStmtsForInserts=true&allowMultiQueries=true",
                "&useAffectedRows=true",
                "&useServerPrepStmts=true",
                "&disablePipeline=true",
                "&sessionVariables=tx_read_only=1",
                "&rewriteBatchedStatements=true&autocommit=false",
                "&timezone=+05:30&forceConnectionTimeZoneToSession=true",
                "&sessionVariables=sql_mode='',tx_isolation='SERIALIZABLE',time_zone='-11:00'",
                "&sessionVariables=sql_mode='NO_BACKSLASH_ESCAPES,ANSI_QUOTES,ORACLE',time_zone='+13:00'",
                "&sessionVariables=innodb_lock_wait_timeout=0,lock_wait_timeout=0,collation_connection=utf8mb4_german2_ci"
            })
    void anOptionOfTheDriverOrAVariableOfTheSessionChangesNothing(String options) {
        String database = MariaDbServer.get().newDatabase();
        RegisterId register = AccountId.of("a", "1").register("text");
        Receipt opened;
        List<Outcome> there;
        try (HikariDataSource pool = MariaDbServer.get().pool(database, 4, options);
                JdbcLedger ledger = JdbcLedger.builder(pool).createSchema().build()) {
            Till.apply(ledger, Till.opening());
            Instant before = Instant.now();
            opened = Till.apply(
                            ledger,
                            Update.of("it's \"here\"\\")
                                    .open(register, "\\'\"\n\u0001 é\ud83d\udcb0 ")
                                    .effectiveAt(Instant.parse("2026-03-29T02:30:00.123456Z"))
                                    .build())
                    .receipt();
            assertThat(Duration.between(before, opened.recordedAt()).abs()).isLessThan(Duration.ofMinutes(5));
            there = ledger.applyEach(transfers());
            assertThat(there).hasAtLeastOneElementOfType(Applied.class).hasAtLeastOneElementOfType(Rejected.class);
            assertThat(ledger.applyEach(transfers()))
                    .allSatisfy(again -> assertThat(replayed(again)).isTrue());
        }

        try (HikariDataSource plain = MariaDbServer.get().pool(database, 4, "");
                JdbcLedger ledger = JdbcLedger.builder(plain).build()) {
            assertThat(ledger.find("it's \"here\"\\")).contains(new Applied(opened, true));
            assertThat(ledger.read(register.account()).register(register)).isEqualTo("\\'\"\n\u0001 é\ud83d\udcb0 ");
            BigDecimal total = BigDecimal.ZERO;
            for (int i = 0; i < Till.SIZE; i++) {
                total = total.add(Till.cash(ledger, i));
            }
            assertThat(total).isEqualTo(Till.SIZE + "00.00");
        }
    }

    private static List<Update> transfers() {
        List<Update> transfers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            transfers.add(Till.transfer("t-" + i));
        }
        return transfers;
    }

    private static boolean replayed(Outcome outcome) {
        return outcome instanceof Applied applied ? applied.replayed() : ((Rejected) outcome).replayed();
    }

    @Test
    void aSessionGoesBackToItsPoolAsItCame() throws SQLException {
        String database = MariaDbServer.get().newDatabase();
        String variables = "&sessionVariables=sql_mode='ANSI_QUOTES',idle_transaction_timeout=77,"
                + "innodb_lock_wait_timeout=33,lock_wait_timeout=44,tx_isolation='SERIALIZABLE',tx_read_only=1";
        try (HikariDataSource pool = MariaDbServer.get().pool(database, 1, variables)) {
            String before = session(pool);
            try (Ledger ledger = JdbcLedger.builder(pool).createSchema().build()) {
                Till.apply(ledger, Till.opening());
                Till.apply(ledger, Till.opening());
                ledger.apply(Till.transfer("t-1"));
                Till.cash(ledger, 1);
                assertThatThrownBy(() -> ledger.decide("boom", "", List.of(Till.drawer(1)), now -> {
                            throw new IllegalStateException("of the caller");
                        }))
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThat(session(pool)).isEqualTo(before).contains("ANSI_QUOTES|77|33|44|SERIALIZABLE|ON|ON|0");
        }
    }

    private static String session(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CONCAT_WS('|', CONNECTION_ID(), @@sql_mode,"
                        + " @@idle_transaction_timeout, @@innodb_lock_wait_timeout, @@lock_wait_timeout, @@tx_isolation,"
                        + " @@tx_read_only, @@autocommit, @@in_transaction)")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void anUpdateOfSixtyTwoMebibytesGoesThroughInManyStatements() {
        String database = MariaDbServer.get().newDatabase();
        JournalId journal = AccountId.of("a", "1").journal("long");
        try (HikariDataSource pool = MariaDbServer.get().pool(database, 2, "");
                JdbcLedger ledger = JdbcLedger.builder(pool)
                        .createSchema()
                        .timeout(Duration.ofMinutes(2))
                        .build()) {
            Update.Builder update = Update.of("long").open(journal);
            for (int i = 0; i < 990; i++) {
                update.append(journal, "\u4e2d".repeat(VALUE_BYTES / 3));
            }
            Till.apply(ledger, update.build());

            assertThat(ledger.history(journal, PageRequest.first(3))
                            .items()
                            .get(2)
                            .payload())
                    .hasSize(VALUE_BYTES / 3);
            assertThat(Till.apply(ledger, update.build()).replayed()).isTrue();
        }
    }

    @Test
    void aReceiptThatIsLongerThanAStatementMayBeIsRefusedAndTheOthersGoOn() {
        String database = MariaDbServer.get().newDatabase();
        RegisterId register = AccountId.of("a", "1").register("long");
        try (HikariDataSource pool = MariaDbServer.get().pool(database, 2, "");
                JdbcLedger ledger = JdbcLedger.builder(pool)
                        .createSchema()
                        .timeout(Duration.ofMinutes(2))
                        .build()) {
            String text = "x".repeat(VALUE_BYTES - 1);
            Till.apply(ledger, Update.of("open").open(register, text + 0).build());
            Update.Builder update = Update.of("long");
            for (int i = 0; i < 245; i++) {
                update.compareAndSet(register, text + i % 2, text + (i + 1) % 2);
            }
            assertThatThrownBy(() -> ledger.apply(update.build()))
                    .isInstanceOf(LedgerException.class)
                    .hasStackTraceContaining("a row of more than");

            assertThat(ledger.find("long")).isEmpty();
            assertThat(ledger.read(register.account()).register(register)).endsWith("0");
        }
    }
}

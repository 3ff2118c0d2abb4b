package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 13: the clock is the server's, is read after the locks, and never goes back along a cell. */
@Timeout(60)
class PostgresClockRulesTest {
    private static final String LOCK_TIMEOUT = "set_config('lock_timeout', ?, true)";

    private final Calls callers = new Calls();
    private PostgresTill books;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new PostgresTill();
    }

    @AfterEach
    void closeBooks() throws SQLException {
        callers.close();
        books.close();
    }

    private Instant clock() throws SQLException {
        return instant("clock_timestamp()");
    }

    private Instant instant(String expression) throws SQLException {
        return Instant.parse(books.sql()
                .one("SELECT to_char(" + expression + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }

    /** The time that a caller was given who had waited for a lock, and the time when that lock was held still. */
    private record Times(Instant stillHeld, Instant recordedAt) {}

    private Times ofWhoWaited(String key, Between clock) throws Exception {
        // In one attempt, however long it takes to let go here.
        Rewritten patient = new Rewritten(LOCK_TIMEOUT, LOCK_TIMEOUT.replace("?", "left(?, 0) || '60s'"));
        try (StopAt holding = StopAt.answerTo(" FOR NO KEY UPDATE");
                JdbcLedger one = books.ledger(holding);
                JdbcLedger two = books.ledger(patient, clock)) {
            Future<Applied> holder = callers.call(() -> Till.apply(one, Till.cent(key + "-holder")));
            holding.awaitReached();
            Future<Applied> waiting = callers.call(() -> Till.apply(two, Till.cent(key + "-waiting")));
            books.awaitWaiting("Lock", 1);
            Instant stillHeld = clock();
            holding.letGo();
            assertThat(patient.used()).isTrue();
            Times times = new Times(stillHeld, Calls.get(waiting).recordedAt());
            assertThat(Calls.get(holder).recordedAt()).isBeforeOrEqualTo(times.recordedAt());
            return times;
        }
    }

    @Test
    void whoWaitedForALockRecordsATimeFromWhenItHadIt() throws Exception {
        Times right = ofWhoWaited("right", new Between() {});
        assertThat(right.recordedAt()).isAfterOrEqualTo(right.stillHeld());

        Rewritten atTheBegin = new Rewritten("clock_timestamp()", "now()");
        Times early = ofWhoWaited("early", atTheBegin);
        assertThat(atTheBegin.used()).isTrue();
        assertThat(early.recordedAt()).as("the time when its transaction began").isBefore(early.stillHeld());
    }

    @Test
    void recordedAtNeverGoesBackAlongACellAlthoughTheClockDoes() throws Exception {
        books.sql()
                .run("UPDATE counterfoil_cell SET last_at = clock_timestamp() + interval '1 minute'"
                        + " WHERE account_id = '0'");
        Instant ahead = instant("(SELECT last_at FROM counterfoil_cell WHERE account_id = '0')");
        BalanceId fresh = AccountId.of("drawer", "new").balance("cash", Till.SAR);
        try (JdbcLedger ledger = books.ledger()) {
            assertThat(Till.apply(ledger, Till.cent("c-1")).recordedAt()).isEqualTo(ahead);
            List<BalanceEntry> entries =
                    ledger.history(Till.drawer(0), PageRequest.first(10)).items();
            assertThat(entries).extracting(BalanceEntry::recordedAt).isSorted().endsWith(ahead);
            // Cells that it touched carry the time on, refusals too; to others the clock counts.
            Update carried = Update.of("c-2")
                    .take(Till.drawer(1), "0.01")
                    .open(fresh, "0.01", Limits.none())
                    .build();
            assertThat(Till.apply(ledger, carried).recordedAt()).isEqualTo(ahead);
            Update refused = Update.of("c-3").take(Till.drawer(1), "999.00").build();
            assertThat(((Rejected) ledger.apply(refused)).recordedAt()).isEqualTo(ahead);
            Update untouched = Update.of("c-4").add(Till.drawer(7), "0.01").build();
            assertThat(Till.apply(ledger, untouched).recordedAt()).isBefore(ahead);
        }
    }

    @Test
    void aClockThatIsFarBehindIsSaidOnce() throws Exception {
        assertThat(warningsWhenAheadBy("4 seconds", "near")).isZero();
        assertThat(warningsWhenAheadBy("1 hour", "far")).isEqualTo(1);
    }

    private long warningsWhenAheadBy(String ahead, String key) throws SQLException {
        books.sql().run("UPDATE counterfoil_cell SET last_at = clock_timestamp() + interval '" + ahead + "'");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream standardError = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (JdbcLedger ledger = books.ledger()) {
            for (int i = 0; i < 3; i++) {
                Till.apply(ledger, Till.cent(key + i));
            }
        } finally {
            System.setErr(standardError);
        }
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("WARN") && line.contains("the clock is"))
                .count();
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyHash;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.Limits;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import dev.counterfoil.spi.LedgerStore;
import dev.counterfoil.spi.StoreLedger;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log says of refusals, faults and retries, and what it keeps to itself, on a database whose driver quotes values. */
@Timeout(60)
class FailureLogTest {
    private static final String KEY = "SECRET-KEY";
    private static final String PAYLOAD = "SECRET-PAYLOAD";
    private static final String VALUE = "SECRET-VALUE";
    private static final String AMOUNT = "77431.17";
    private static final KeyHash HASH = KeyHash.withSecret("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId CASH = ACCOUNT.balance("cash", Unit.of("SAR", 2));
    private static final RegisterId STATUS = ACCOUNT.register("status");
    private static final JournalId NOTES = ACCOUNT.journal("notes");

    /** What drivers put into their messages. */
    private static final String QUOTED =
            "duplicate key (" + KEY + ") in row (" + AMOUNT + ", " + PAYLOAD + ", " + VALUE + ")";

    private final Faults faults = new Faults();

    /** Fails at commits, as it is told. */
    private static final class Faults extends Between {
        private int conflicts;
        private int lost;
        private int refused;
        private int broken;

        /** How many statements fail after an answer was lost. */
        private int refusedAfterwards;

        private boolean lostOne;

        @Override
        void before(String sql) throws SQLException {
            if (lostOne && refusedAfterwards-- > 0) {
                throw new SQLException(QUOTED, "42501", 90096);
            }
            if (sql.equals("COMMIT") && conflicts-- > 0) {
                throw new SQLException(QUOTED, "40001", 40001);
            }
            if (sql.startsWith("INSERT") && refused-- > 0) {
                throw new SQLException(QUOTED, "42501", 90096);
            }
            if (sql.startsWith("INSERT") && broken-- > 0) {
                throw new IllegalStateException(QUOTED);
            }
        }

        @Override
        void after(String sql) throws SQLException {
            if (sql.equals("COMMIT") && lost-- > 0) {
                lostOne = true;
                throw new SQLException(QUOTED, "08006", 90067);
            }
        }
    }

    private JdbcLedger ledger(UnaryOperator<JdbcLedger.Builder> settings) {
        String url = "jdbc:h2:mem:log" + System.nanoTime() + ";DB_CLOSE_DELAY=-1";
        // No pool, which would lend a connection again that the ledger has given up.
        DataSource h2 = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    assertThat(method.getName()).isEqualTo("getConnection");
                    return DriverManager.getConnection(url);
                });
        return settings.apply(JdbcLedger.builder(faults.on(h2)).createSchema().keyHash(HASH))
                .build();
    }

    private static Update.Builder update(String name) {
        return Update.of(KEY + name).requireValue(STATUS, VALUE).append(NOTES, PAYLOAD);
    }

    /** Everything that a caller can meet, each with a key, an amount, a payload and a value. */
    private void everythingThatFails(Ledger ledger) {
        ledger.apply(Update.of(KEY + "open")
                        .open(CASH, "10.00", Limits.nonNegative())
                        .open(STATUS, VALUE)
                        .open(NOTES)
                        .build())
                .orThrow();
        Update tooMuch = update("refused").take(CASH, AMOUNT).build();
        ledger.apply(tooMuch);
        ledger.apply(tooMuch);
        ledger.apply(update("refused").add(CASH, AMOUNT).build()); // another content
        ledger.apply(update("stale").requireVersion(CASH, 77).build());
        ledger.apply(Update.of(KEY + "differs")
                .compareAndSet(STATUS, PAYLOAD, "next")
                .build());

        faults.conflicts = 2;
        ledger.apply(update("retried").add(CASH, AMOUNT).build()).orThrow();
        faults.lost = 1;
        ledger.apply(update("lost").add(CASH, AMOUNT).build()).orThrow();
        faults.lostOne = false;
        faults.refused = 1;
        fails(() -> ledger.apply(update("fault").add(CASH, AMOUNT).build()));
        faults.broken = 1;
        fails(() -> ledger.apply(update("broken").add(CASH, AMOUNT).build()));
        faults.lost = 1;
        faults.refusedAfterwards = 100;
        fails(() -> ledger.applyEach(List.of(
                update("1").add(CASH, AMOUNT).build(),
                tooMuch,
                update("2").take(CASH, AMOUNT).build())));
        faults.refusedAfterwards = 0;
        ledger.decide(KEY + "declined", "pay " + AMOUNT, List.of(CASH), now -> now.decline("NO", PAYLOAD + AMOUNT));
        fails(() -> ledger.decide(KEY + "threw", "pay " + AMOUNT, List.of(CASH), now -> {
            throw new IllegalStateException(QUOTED);
        }));
    }

    private static void fails(Runnable call) {
        try {
            call.run();
        } catch (LedgerException | IllegalStateException expected) {
            return;
        }
        throw new AssertionError("nothing failed");
    }

    @Test
    void itNamesOperationAccountReasonAttemptStateAndTheHashOfTheKey() throws Exception {
        LedgerListener broken = event -> {
            throw new IllegalStateException(QUOTED);
        };
        try (LogAtTrace log = new LogAtTrace();
                JdbcLedger ledger = ledger(settings -> settings.listener(broken))) {
            everythingThatFails(ledger);

            String text = log.text();
            assertThat(text).doesNotContain("SECRET", "77431");
            assertThat(text.lines().filter(line -> line.startsWith("\tat")))
                    .as("stack traces")
                    .isEmpty();
            assertThat(text)
                    .contains("apply: refused: BELOW_MINIMUM; accounts [retainer/42], key #" + hash("refused"))
                    .contains("apply: refused as before: BELOW_MINIMUM;")
                    .contains("apply: the key was used before for other content; accounts [retainer/42], key #"
                            + hash("refused"))
                    .contains("apply: refused: VERSION_DIFFERS;")
                    .contains("apply: refused: VALUE_DIFFERS;")
                    .contains("counterfoil.submit: attempt 2 of unlimited failed with")
                    .contains("apply: NOT_APPLIED after 1 attempt (PERMANENT in BODY, SQLState 42501):")
                    .contains("key #" + hash("fault"))
                    .contains("apply: NOT_APPLIED after 1 attempt (ONE_REQUEST in BODY):")
                    .containsPattern("apply_each: UNKNOWN after 2 attempts \\(PERMANENT in \\w+, SQLState 42501\\):")
                    .contains("decide: refused: DECLINED;")
                    .contains("decide: NOT_APPLIED: the function threw java.lang.IllegalStateException;")
                    .containsOnlyOnce("the listener threw java.lang.IllegalStateException at");
        }
    }

    private static String hash(String name) {
        return HASH.of(Key.of(KEY + name));
    }

    @Test
    void itSaysKeysAmountsAndPayloadsIfItIsAskedFor() throws Exception {
        try (LogAtTrace log = new LogAtTrace();
                JdbcLedger ledger = ledger(JdbcLedger.Builder::logInClear)) {
            everythingThatFails(ledger);
            ledger.apply(Update.of(KEY + "lines")
                    .append(ACCOUNT.journal("none"), "a\nforged line")
                    .build());

            assertThat(log.text())
                    .contains("in clear: key " + KEY + "refused", AMOUNT, PAYLOAD, VALUE, "a?forged line")
                    .contains("pay " + AMOUNT);
        }
    }

    /** The log of the retry is told of it first. */
    @Test
    void whatAStoreThrowsAgainstTheRulesIsNamedByItsClassOnly() throws Exception {
        LedgerStore unruly = (LedgerStore) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {LedgerStore.class},
                (self, method, args) -> switch (method.getName()) {
                    case "groupsAtOnce" -> 1;
                    case "keepsHashes" -> true;
                    case "applyNow", "takeSkew", "close" -> null;
                    default -> throw new IllegalStateException(QUOTED);
                });
        try (LogAtTrace log = new LogAtTrace();
                Ledger ledger = new StoreLedger(unruly, LedgerSettings.defaults())) {
            fails(() -> ledger.apply(update("unruly").build()));
            fails(() -> ledger.read(ACCOUNT));

            assertThat(log.text())
                    .doesNotContain("SECRET", "77431")
                    .contains("apply: UNKNOWN after 1 attempt:")
                    .contains("read: NOT_APPLIED:")
                    .contains("java.lang.IllegalStateException");
        }
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three traps, to be read: each is told first as plain JDBC falls into it, on PostgreSQL as it comes, and then once more with
 * the library. Every step of the plain code is in a transaction, every statement is right by itself, and no test needs luck:
 * the steps are written down in the order in which two tills would take them on a bad day.
 *
 * <p>Ann and Bob have 100.00 each, in a table of ours and in a ledger.
 */
@Timeout(60)
class IsolationTrapsTest {
    private static final BigDecimal EIGHTY = new BigDecimal("80.00");
    private static final BalanceId ANN = Till.drawer(0);
    private static final BalanceId BOB = Till.drawer(1);

    private final Calls callers = new Calls();
    private PostgresTill books;

    @BeforeEach
    void openBooks() throws SQLException {
        books = new PostgresTill();
        books.sql()
                .run(
                        "CREATE TABLE purse (owner text PRIMARY KEY, amount numeric(9, 2) NOT NULL)",
                        "INSERT INTO purse VALUES ('ann', 100), ('bob', 100)",
                        "CREATE TABLE payment (key text PRIMARY KEY, amount numeric(9, 2) NOT NULL)");
    }

    @AfterEach
    void closeBooks() throws SQLException {
        callers.close();
        books.close();
    }

    /**
     * <b>The first trap: read, then write.</b> Two tills each pay 80.00 to Ann from the 100.00 that she has. Each reads her
     * amount, finds that it is enough, and writes what will be left. Both have read before either has written; READ COMMITTED,
     * the default, sees nothing wrong in that, and the second write takes the place of the first. 160.00 were handed out, and
     * 20.00 are left of 100.00.
     */
    @Test
    void whoReadsThenWritesHandsOutTheSameMoneyTwice() throws Exception {
        BigDecimal handedOut = BigDecimal.ZERO;
        try (Connection one = till();
                Connection two = till()) {
            BigDecimal seenByOne = amount(one, "ann");
            BigDecimal seenByTwo = amount(two, "ann");
            if (seenByOne.compareTo(EIGHTY) >= 0) {
                write(one, "ann", seenByOne.subtract(EIGHTY));
                one.commit();
                handedOut = handedOut.add(EIGHTY);
            }
            if (seenByTwo.compareTo(EIGHTY) >= 0) {
                write(two, "ann", seenByTwo.subtract(EIGHTY));
                two.commit();
                handedOut = handedOut.add(EIGHTY);
            }
            assertThat(handedOut).isEqualByComparingTo("160.00");
            assertThat(amount(one, "ann")).isEqualByComparingTo("20.00");
        }
    }

    /**
     * The same with {@code decide}, for rules that must read: what the function has read is unchanged when its update takes
     * effect. Here the first till is served while the function of the second one runs; so the function runs once more, sees
     * 20.00, and says no.
     */
    @Test
    void whatADecideFunctionHasReadIsStillTrueWhenItsUpdateTakesEffect() throws Exception {
        try (JdbcLedger ledger = books.ledger()) {
            AtomicInteger runs = new AtomicInteger();
            Outcome second = ledger.decide("till-two", "take 80.00", List.of(ANN), now -> {
                BigDecimal seen = now.balance(ANN);
                if (runs.incrementAndGet() == 1) {
                    elsewhere(() -> Till.apply(ledger, takeEighty("till-one")));
                }
                return seen.compareTo(EIGHTY) < 0
                        ? now.decline("TOO_LITTLE", "there is less than that")
                        : now.update().take(ANN, EIGHTY).build();
            });
            assertThat(runs).hasValue(2);
            assertThat(second).isInstanceOf(Rejected.class);
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("20.00");
        }
    }

    /** A rule as plain as "never below zero" needs no reading at all: it is a limit of the balance, and {@code take} keeps it. */
    @Test
    void aLimitNeedsNoReading() throws Exception {
        try (JdbcLedger ledger = books.ledger()) {
            Future<Outcome> one = callers.call(() -> ledger.apply(takeEighty("till-one")));
            Future<Outcome> two = callers.call(() -> ledger.apply(takeEighty("till-two")));
            assertThat(List.of(Calls.get(one), Calls.get(two)))
                    .hasAtLeastOneElementOfType(Applied.class)
                    .hasAtLeastOneElementOfType(Rejected.OutOfBounds.class);
            assertThat(Till.cash(ledger, 0)).isEqualByComparingTo("20.00");
        }
    }

    /**
     * <b>The second trap: the torn view.</b> An auditor adds up what Ann and Bob have. Between his two SELECTs Ann pays 50.00
     * to Bob. He has seen Ann's money before the payment and Bob's after it: 250.00, a total that existed at no moment. One
     * transaction around both does not help, for under READ COMMITTED each statement looks at a moment of its own.
     */
    @Test
    void whoReadsTwiceAddsUpATotalThatNeverExisted() throws Exception {
        try (Connection auditor = till();
                Connection till = till()) {
            BigDecimal ann = amount(auditor, "ann");
            write(till, "ann", new BigDecimal("50.00"));
            write(till, "bob", new BigDecimal("150.00"));
            till.commit();
            BigDecimal bob = amount(auditor, "bob");
            auditor.commit();
            assertThat(ann.add(bob)).isEqualByComparingTo("250.00");
        }
    }

    /**
     * The same with {@code read}, which looks at one moment however many accounts it is asked for, while payments go to and
     * fro. Who asks it for one account after the other has two moments again.
     */
    @Test
    void aReadOfSeveralAccountsSeesOneMoment() throws Exception {
        try (JdbcLedger auditor = books.ledger();
                JdbcLedger till = books.ledger()) {
            Future<Boolean> payments = callers.call(() -> {
                for (int i = 0; i < 100; i++) {
                    Till.apply(
                            till,
                            Update.of("to-" + i).transfer(ANN, BOB, "25.00").build());
                    Till.apply(
                            till,
                            Update.of("fro-" + i).transfer(BOB, ANN, "25.00").build());
                }
                return true;
            });
            do {
                Snapshot seen = auditor.read(ANN.account(), BOB.account());
                assertThat(seen.balance(ANN).add(seen.balance(BOB))).isEqualByComparingTo("200.00");
            } while (!payments.isDone());
            Calls.get(payments);

            BigDecimal ann = auditor.read(ANN.account()).balance(ANN);
            Till.apply(till, Update.of("between").transfer(ANN, BOB, "25.00").build());
            BigDecimal bob = auditor.read(BOB.account()).balance(BOB);
            assertThat(ann.add(bob)).isEqualByComparingTo("225.00");
        }
    }

    /**
     * <b>The third trap: the zombie commit.</b> A client pays, sends COMMIT, and hears nothing: the line is slow. It gives up,
     * looks on a new connection for its payment, and finds none; so it pays once more, as a payment of its own. Then the first
     * COMMIT arrives after all, and the server obeys. No look-up can see what is still on its way.
     */
    @Test
    void whoLooksForALostPaymentAndPaysAgainPaysTwice() throws Exception {
        try (Connection slow = till();
                Connection client = till()) {
            pay(slow, "payment-1");
            // Here the client has sent COMMIT, and has waited long enough.
            assertThat(payments(client, "payment-1")).isZero();
            pay(client, "payment-2");
            client.commit();
            // Here that COMMIT arrives.
            slow.commit();
            assertThat(payments(client, "%")).isEqualTo(2);
        }
    }

    /**
     * The same with the library. To look with {@code find} would be the same mistake; but to send the same update again, under
     * its own key, is always right: it waits behind the rows that the first one has locked, and then there is an answer.
     */
    @Test
    void whoSendsTheSameUpdateAgainPaysOnce() throws Exception {
        Update payment = takeEighty("payment-1");
        try (StopAt onItsWay = StopAt.commit();
                JdbcLedger slow = books.ledger(onItsWay);
                JdbcLedger client = books.ledger()) {
            Future<Applied> first = callers.call(() -> Till.apply(slow, payment));
            onItsWay.awaitReached();
            assertThat(client.find("payment-1")).isEmpty();
            Future<Applied> again = callers.call(() -> Till.apply(client, payment));
            books.awaitWaiting("Lock", 1);
            onItsWay.letGo();
            assertThat(Calls.get(first).replayed()).isFalse();
            assertThat(Calls.get(again).replayed()).isTrue();
            assertThat(Till.cash(client, 0)).isEqualByComparingTo("20.00");
        }
    }

    private static Update takeEighty(String key) {
        return Update.of(key).take(ANN, EIGHTY).build();
    }

    /** On another thread: the function of a decide may not call the ledger itself. */
    private void elsewhere(Runnable call) {
        try {
            Calls.get(callers.call(() -> {
                call.run();
                return null;
            }));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Connection till() throws SQLException {
        Connection connection = books.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static BigDecimal amount(Connection connection, String owner) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT amount FROM purse WHERE owner = ?")) {
            select.setString(1, owner);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1);
            }
        }
    }

    private static void write(Connection connection, String owner, BigDecimal amount) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE purse SET amount = ? WHERE owner = ?")) {
            update.setBigDecimal(1, amount);
            update.setString(2, owner);
            update.executeUpdate();
        }
    }

    private static void pay(Connection connection, String key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO payment VALUES (?, ?)")) {
            insert.setString(1, key);
            insert.setBigDecimal(2, EIGHTY);
            insert.executeUpdate();
        }
    }

    private static int payments(Connection connection, String keys) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM payment WHERE key LIKE ?")) {
            count.setString(1, keys);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}

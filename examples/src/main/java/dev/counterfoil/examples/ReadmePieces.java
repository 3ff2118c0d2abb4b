package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.HistoryFilter;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Limits;
import dev.counterfoil.NotSettledException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Past;
import dev.counterfoil.Period;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Statement;
import dev.counterfoil.TrialBalance;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.jdbc.JoinedLedger;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The shorter pieces of code in the README and in docs, compiled. */
final class ReadmePieces {
    private ReadmePieces() {}

    static void afterAFault(Ledger ledger, Update update, Queue<Update> later) {
        // README after a fault: begin
        try {
            Outcome outcome = ledger.apply(update);
            System.out.println(outcome.key() + (outcome instanceof Applied ? " is paid" : " is refused"));
        } catch (LedgerException fault) { // NotAppliedException, OutcomeUnknownException
            // Keep the update, and send the same one later, after a restart too: it counts once, whatever fate() says.
            later.add(update);
        }
        // README after a fault: end
    }

    static long prune(Ledger ledger) {
        // README prune: begin
        long pruned = ledger.prune(Instant.now().minus(90, ChronoUnit.DAYS)); // of this ledger's namespace
        // README prune: end
        return pruned;
    }

    static Ledger ownPool(DataSource dataSource) {
        // README own pool: begin
        JdbcLedger ledger = JdbcLedger.builder(dataSource) // a pool of yours; opening a connection per update is slow
                .schema("money") // of the tables; without it, where the connection looks
                .createSchema() // makes them where they are not there yet
                .requireDurable() // refuses a database that may lose what it has acknowledged
                .timeout(Duration.ofSeconds(5)) // for a whole call; 10 seconds by default
                .prefix("acme_") // of the tables; counterfoil_ by default
                .build();
        Ledger tenant =
                ledger.namespace("tenant-7"); // accounts, keys and references of its own; open as long as the ledger
        // README own pool: end
        return tenant;
    }

    static Applied ownTransaction(
            JdbcLedger ledger, DataSource dataSource, Update payment, BalanceId from, BalanceId to)
            throws SQLException {
        // README own transaction: begin
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED); // on SQLite it is SERIALIZABLE
            try {
                JoinedLedger joined = ledger.in(connection); // one for the whole transaction: hand it on
                joined.lock(from, to); // optional: all cells that it will need, at once
                Applied paid = joined.post(payment); // a "no" is a RefusedException; tryPost returns it
                if (!paid.replayed()) { // the message of a repeat was left with the payment
                    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO outbox VALUES (?)")) {
                        insert.setString(1, paid.key().value());
                        insert.executeUpdate();
                    }
                }
                connection.commit(); // both, or neither
                return paid;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
        // README own transaction: end
    }

    static void flakyLink(Consumer<String> service) {
        // README flaky link: begin
        try (FlakyLink link = FlakyLink.toPostgres("localhost", 5432)) { // toMariaDb("localhost", 3306)
            String url = "jdbc:postgresql://" + link.host() + ":" + link.port()
                    + "/books?sslmode=disable&gssEncMode=disable"; // "jdbc:mariadb://…/books?sslMode=disable"
            link.faults(Faults.script(Fault.CUT_AFTER_COMMIT)); // of the next COMMIT; CUT_BEFORE_COMMIT and others
            service.accept(url); // what you test: was it paid, once, and does it know?
        }
        // README flaky link: end
    }

    static String refusals(Ledger ledger, Update update) {
        // README refusals: begin
        Outcome outcome = ledger.apply(update);
        if (outcome instanceof Applied done) {
            return done.replayed() ? "was done before" : "is done";
        } else if (outcome instanceof Rejected.OutOfBounds no) { // BELOW_MINIMUM, ABOVE_MAXIMUM, OVERFLOW
            return no.cell() + " has " + no.before() + " and its limit is " + no.limit();
        } else if (outcome instanceof Rejected.ReferenceTaken no) { // another key did it: answer with what it did
            return "was done by " + ledger.find(Objects.requireNonNull(no.decidedBy()));
        } else if (outcome instanceof Rejected no) {
            return "refused: " + no.reason() + " at operation " + no.index() + ", as " + no.decidedBy() + " left it";
        } else { // KeyReused: two wishes got one key, which is a fault in the program
            throw new IllegalStateException("another update was sent as " + outcome.key());
        }
        // README refusals: end
    }

    static List<AccountId> limits(Ledger ledger) {
        // README limits: begin
        BalanceId credit = AccountId.of("client", "7").balance("credit", Unit.of("SAR", 2));
        BalanceId seats = AccountId.of("course", "algebra").balance("seats", Unit.of("SEAT", 0));
        ledger.apply(Update.of("open-7")
                        .open(credit, "0.00", Limits.atLeast("-500.00")) // may be overdrawn so far
                        .open(seats, 0, Limits.between("0", "30")) // a full course takes no more
                        .build())
                .orThrow();
        ledger.apply(Update.of("correct-7")
                        .increment(credit, "-12.50") // signed; add and take want it positive
                        .add(seats, 1)
                        .build())
                .orThrow();

        List<AccountId> clients = new ArrayList<>(); // every account of a kind, page by page
        Optional<PageRequest> next = Optional.of(PageRequest.first(100));
        while (next.isPresent()) {
            Page<AccountId> page = ledger.accounts("client", "", next.get());
            clients.addAll(page.items());
            next = page.next();
        }
        // README limits: end
        return clients;
    }

    static String past(Ledger ledger, BalanceId available, RegisterId status, Instant endOfYear) {
        // README past: begin
        try {
            Past then = ledger.asOf(endOfYear, available, status); // one cut: an update is in all of them or in none
            return then.register(status) + " with " + then.balance(available);
        } catch (NotSettledException early) {
            return "not over yet; up to " + early.answerable() + " can be asked for";
        }
        // README past: end
    }

    static List<String> statement(Ledger ledger, BalanceId available) {
        List<String> lines = new ArrayList<>();
        // README statement: begin
        Period march = Period.of(YearMonth.of(2026, 3), ZoneId.of("Asia/Riyadh"));
        Statement sums = ledger.statement(
                available, march, entry -> lines.add(entry.recordedAt() + " " + entry.delta() + " " + entry.key()));
        lines.add("from " + sums.opening() + ", in " + sums.in() + ", out " + sums.out() + ", to " + sums.closing());
        // README statement: end
        return lines;
    }

    static BigDecimal trialBalance(Ledger ledger, BalanceId available, Unit sar) {
        // README trial balance: begin
        TrialBalance all = ledger.trialBalance(); // or of one kind of account, by the beginning of the ids
        for (TrialBalance.Line line : all.lines()) {
            System.out.println(line.kind() + "." + line.name() + " " + line.unit() + " " + line.sums());
        }
        BigDecimal total = all.total(sar); // zero, where money only moves between balances

        HistoryFilter forced = HistoryFilter.all().withForcedOnly(); // or withTypes(…), within(period)
        Page<BalanceEntry> page = ledger.history(available, forced, PageRequest.first(100));
        // README trial balance: end
        return page.items().isEmpty() ? total : page.items().get(0).delta();
    }
}

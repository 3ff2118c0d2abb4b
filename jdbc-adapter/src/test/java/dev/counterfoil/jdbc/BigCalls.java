package dev.counterfoil.jdbc;

import static dev.counterfoil.jdbc.BigBooks.ACCOUNTS;
import static dev.counterfoil.jdbc.BigBooks.cell;
import static dev.counterfoil.jdbc.BigBooks.id;
import static dev.counterfoil.jdbc.BigBooks.key;
import static dev.counterfoil.jdbc.BigBooks.tall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Update;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** Every kind of call on {@link BigBooks}, each with the most rows that one of its statements may read or sort. */
final class BigCalls {
    private static final AtomicInteger KEYS = new AtomicInteger();

    private final JdbcLedger ledger;
    private final DataSource connections;
    private final Plans plans;
    private final Map<String, Long> most = new LinkedHashMap<>();
    private final Map<String, List<Plans.Plan>> seen = new LinkedHashMap<>();

    private interface Call {
        void run() throws SQLException;
    }

    BigCalls(JdbcLedger ledger, DataSource connections, Plans plans) {
        this.ledger = ledger;
        this.connections = connections;
        this.plans = plans;
    }

    /** The plans of each call, in order. */
    Map<String, List<Plans.Plan>> seen() {
        return seen;
    }

    /** The most rows for a call. */
    long most(String call) {
        return most.get(call);
    }

    private void call(String name, long rows, Call call) throws SQLException {
        plans.take();
        call.run();
        most.put(name, rows);
        seen.computeIfAbsent(name, unused -> new ArrayList<>()).addAll(plans.take());
    }

    /** All of them, once. */
    void run() throws SQLException {
        reads();
        histories();
        lists();
        updates();
        groups();
    }

    /** The same statements on a dozen accounts of their own, as in an application's first minutes. */
    void runSmall(String run, int times) throws SQLException {
        List<BalanceId> few = IntStream.range(0, 12)
                .mapToObj(n -> AccountId.of("early", run + n).balance("available", BigBooks.SAR))
                .toList();
        few.forEach(cell -> ledger.apply(Update.of("open-" + cell)
                        .open(cell, "100.00", Limits.none())
                        .build())
                .orThrow());
        for (int i = 0; i < times; i++) {
            String key = run + i;
            BalanceId one = few.get(i);
            BalanceId other = few.get(i + 1);
            Update transfer =
                    Update.of(key).transfer(one, other, "1.00").reference(key).build();
            Applied applied = ledger.apply(transfer).orThrow();
            ledger.apply(transfer).orThrow();
            ledger.apply(Update.reversalOf("back-" + key, applied.receipt()).build())
                    .orThrow();
            ledger.applyEach(IntStream.range(0, 10)
                            .mapToObj(n -> Update.of(key + "-" + n)
                                    .transfer(few.get(n), few.get(n + 1), "1.00")
                                    .reference(key + "-" + n)
                                    .build())
                            .toList())
                    .forEach(Outcome::orThrow);
            ledger.decide(
                            "decide-" + key,
                            "",
                            List.of(one),
                            now -> now.update().add(one, "1.00").build())
                    .orThrow();
            ledger.read(one.account(), other.account());
            ledger.history(one, PageRequest.first(10));
            ledger.accounts("early", "", PageRequest.first(10));
            ledger.find(key);
            new BigAudit(connections).runSmall();
        }
    }

    /** What verification asks, once: a server that is left to itself may take minutes for it. */
    void audits() throws SQLException {
        for (BigAudit.Question question : new BigAudit(connections).questions()) {
            call(question.name(), question.rows(), question::ask);
        }
    }

    private void reads() throws SQLException {
        call("read an account", 1, () -> ledger.read(cell(7).account()));
        call(
                "read 100 accounts",
                100,
                () -> ledger.read(IntStream.range(0, 100)
                        .mapToObj(n -> cell(1 + n * 997).account())
                        .toArray(AccountId[]::new)));
        call("find a receipt", 1, () -> assertThat(ledger.find(key(50))).isPresent());
        call("find nothing", 0, () -> ledger.find("nobody's"));
    }

    private void histories() throws SQLException {
        call("history", 5, () -> ledger.history(cell(99_500), PageRequest.first(1000)));
        call("history, tall, first page", 1001, () -> ledger.history(tall(), PageRequest.first(1000)));
        call(
                "history, tall, a page in the middle",
                1001,
                () -> ledger.history(tall(), PageRequest.after("250000", 1000)));
        call("history, tall, last page", 50, () -> ledger.history(tall(), PageRequest.after("499950", 1000)));
    }

    private void lists() throws SQLException {
        call("list, first page", 1001, () -> ledger.accounts("retainer", "", PageRequest.first(1000)));
        call("list, small page", 11, () -> ledger.accounts("retainer", "", PageRequest.first(10)));
        call("list, prefix", 1001, () -> ledger.accounts("retainer", "r05", PageRequest.first(1000)));
        call(
                "list, prefix, in the middle",
                1001,
                () -> ledger.accounts("retainer", "r05", PageRequest.after(id(55_555), 1000)));
        call("list, last page", 11, () -> ledger.accounts("retainer", "", PageRequest.after(id(ACCOUNTS - 10), 1000)));
        call("list, prefix of nobody", 0, () -> ledger.accounts("retainer", "x", PageRequest.first(1000)));
    }

    private void updates() throws SQLException {
        int n = KEYS.incrementAndGet();
        Update transfer = Update.of("transfer-" + n)
                .transfer(cell(n), cell(90_000 + n), "1.00")
                .reference("paid-" + n)
                .build();
        call("apply", 2, () -> ledger.apply(transfer).orThrow());
        call("replay", 2, () -> ledger.apply(transfer).orThrow());
        Applied applied = ledger.apply(transfer).orThrow();
        call(
                "reverse",
                2,
                () -> ledger.apply(Update.reversalOf("back-" + n, applied.receipt())
                                .build())
                        .orThrow());
        call(
                "refuse",
                1,
                () -> ledger.apply(
                        Update.of("too-much-" + n).take(cell(n), "99999999.00").build()));
        call(
                "open",
                0,
                () -> ledger.apply(Update.of("open-" + n)
                                .open(
                                        AccountId.of("new", "" + n).balance("available", BigBooks.SAR),
                                        "1.00",
                                        Limits.none())
                                .build())
                        .orThrow());
        call(
                "decide",
                2,
                () -> ledger.decide(
                                "decide-" + n,
                                "",
                                List.of(cell(n), cell(n + 1)),
                                now -> now.update()
                                        .transfer(cell(n), cell(n + 1), "0.10")
                                        .build())
                        .orThrow());
        try (Connection connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            call(
                    "post in the caller's transaction",
                    2,
                    () -> ledger.in(connection)
                            .post(Update.of("joined-" + n)
                                    .transfer(cell(n), cell(n + 1), "0.10")
                                    .build()));
            connection.commit();
        }
    }

    private void groups() throws SQLException {
        int n = KEYS.incrementAndGet();
        Update.Builder wide = Update.of("wide-" + n);
        IntStream.range(0, 1000).forEach(i -> wide.add(cell(1 + i * 97), "1.00"));
        call("apply to 1,000 cells", 1000, () -> ledger.apply(wide.build()).orThrow());
        List<Update> each = IntStream.range(0, 500)
                .mapToObj(i -> Update.of("each-" + n + "-" + i)
                        .transfer(cell(1 + i * 7), cell(50_000 + i * 7), "1.00")
                        .reference("each-" + n + "-" + i)
                        .build())
                .toList();
        call("a group of 500", 1000, () -> ledger.applyEach(each).forEach(Outcome::orThrow));
        call("a group of 500 replays", 1000, () -> ledger.applyEach(each).forEach(Outcome::orThrow));
    }
}

package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Receipt;
import dev.counterfoil.Register;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Update;
import dev.counterfoil.examples.harness.Checks;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Together;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Scenario 6: a session that two people change, log out of and complete at the same moment. */
public final class OrderSession implements Scenario {
    /** The registers of one session. */
    record Session(AccountId account, RegisterId status, RegisterId items, RegisterId tab, RegisterId logout) {
        static Session of(String id) {
            AccountId account = AccountId.of("order-session", id);
            return new Session(
                    account,
                    account.register("status"),
                    account.register("items"),
                    account.register("tab"),
                    account.register("logout"));
        }
    }

    /** Opens a session with two items. */
    static Outcome open(Ledger ledger, Session session) {
        return ledger.apply(Update.of(session.account() + "/open")
                .open(session.status(), "ACTIVE")
                .open(session.items(), "X,Y")
                .build());
    }

    /**
     * Adds an item to the list as this caller has seen it, while the session is active.
     *
     * <p>The version is asked for before the register is compared: refused as {@link Rejected.VersionDiffers}, the key is not
     * used up, so that the caller can look again, decide again and send the same wish once more. Refused as
     * {@link Rejected.ValueDiffers}, the session is no longer active, and that is final.
     */
    static Outcome addItem(Ledger ledger, Session session, String key, Register seen, String item) {
        return ledger.apply(Update.of(key)
                .requireValue(session.status(), "ACTIVE")
                .requireVersion(session.items(), seen.version())
                .compareAndSet(session.items(), seen.value(), seen.value() + "," + item)
                .build());
    }

    /** The items as they stand now, with their version. */
    static Register items(Ledger ledger, Session session) {
        return ledger.read(session.account()).find(session.items()).orElseThrow();
    }

    /** Gives the session to a tab: opening a register sets it once. */
    static Outcome assign(Ledger ledger, Session session, String key, String tab) {
        return ledger.apply(Update.of(key).open(session.tab(), tab).build());
    }

    /** Logs out, once; the time is the store's, and whoever comes later is told the first one's. */
    static Instant logOut(Ledger ledger, Session session, String key, String who) {
        Outcome outcome =
                ledger.apply(Update.of(key).open(session.logout(), who).build());
        return decisionBehind(ledger, outcome).recordedAt();
    }

    /** Completes the session, once; whoever comes later gets the receipt of the first. */
    static Receipt complete(Ledger ledger, Session session, String key) {
        Outcome outcome = ledger.apply(Update.of(key)
                .compareAndSet(session.status(), "ACTIVE", "COMPLETED")
                .build());
        return decisionBehind(ledger, outcome).orThrow().receipt();
    }

    /** The decision that an outcome is, or the one that it was refused for. */
    static Decision decisionBehind(Ledger ledger, Outcome outcome) {
        if (outcome instanceof Rejected refused) {
            Key earlier = refused.decidedBy();
            if (earlier != null) {
                return ledger.find(earlier).orElseThrow();
            }
        }
        return outcome.orThrow();
    }

    @Override
    public String title() {
        return "Order session";
    }

    @Override
    public String mustEndAs() {
        return "2 change items, 1 assigns, 2 log out, 2 complete: no item lost, 1 logout time, completed once, then closed";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        Checks checks = new Checks();
        Session session = Session.of("1");
        open(ledger, session).orThrow();

        // Both saw the same list; a third assigns the session meanwhile.
        Register seen = items(ledger, session);
        List<Outcome> changes = Together.run(List.of(
                () -> addItem(ledger, session, "add-v", seen, "V"),
                () -> addItem(ledger, session, "add-w", seen, "W"),
                () -> assign(ledger, session, "assign", "tab-3")));
        boolean firstWon = changes.get(0) instanceof Applied;
        checks.that("one item change must win", firstWon != (changes.get(1) instanceof Applied));
        Outcome told = changes.get(firstWon ? 1 : 0);
        checks.that("the other must be told of the version, was " + told, told instanceof Rejected.VersionDiffers);
        // The one who was told looks again and decides again, under the same key.
        Register fresh = items(ledger, session);
        addItem(ledger, session, firstWon ? "add-w" : "add-v", fresh, firstWon ? "W" : "V")
                .orThrow();

        List<Instant> logouts =
                Together.run(2, caller -> logOut(ledger, session, "log-out-" + caller, "person " + caller));
        checks.same("logout time of the second", logouts.get(0), logouts.get(1));
        checks.same(
                "logouts recorded",
                1,
                Checks.allOf(page -> ledger.history(session.logout(), page)).size());

        List<Receipt> completions = Together.run(2, caller -> complete(ledger, session, "complete-" + caller));
        checks.same("receipt of the second completion", completions.get(0), completions.get(1));
        Outcome late = addItem(ledger, session, "add-late", items(ledger, session), "LATE");
        checks.that(
                "an update after completion must be refused, was " + late,
                late instanceof Rejected.ValueDiffers no
                        && no.observed().equals("COMPLETED")
                        && completions.get(0).key().equals(no.decidedBy()));

        Snapshot now = ledger.read(session.account());
        Set<String> items = new TreeSet<>(List.of(now.register(session.items()).split(",", -1)));
        checks.same("items", "[V, W, X, Y]", items.toString());
        checks.same("tab", "tab-3", now.register(session.tab()));
        List<RegisterEntry> status = Checks.allOf(page -> ledger.history(session.status(), page));
        checks.same(
                "status over time",
                List.of("ACTIVE", "COMPLETED"),
                status.stream().map(RegisterEntry::after).toList());
        checks.gapless("items", Checks.allOf(page -> ledger.history(session.items(), page)));

        checkCompletionAgainstUpdate(ledger, checks);
        return checks.ending("items " + String.join("", items) + ", " + now.register(session.tab()) + ", "
                + new TreeSet<>(logouts).size() + " logout time, completed " + (status.size() - 1)
                + " time; late update refused");
    }

    /** One completes while one updates: either the update came first and is in, or it was refused by the completion. */
    private static void checkCompletionAgainstUpdate(Ledger ledger, Checks checks) throws InterruptedException {
        Session session = Session.of("2");
        open(ledger, session).orThrow();
        Register seen = items(ledger, session);
        List<Outcome> outcomes = Together.run(List.of(
                () -> ledger.apply(Update.of("2/complete")
                        .compareAndSet(session.status(), "ACTIVE", "COMPLETED")
                        .build()),
                () -> addItem(ledger, session, "2/add", seen, "Z")));
        Snapshot now = ledger.read(session.account());
        checks.that("the completion must be applied", outcomes.get(0) instanceof Applied);
        checks.same("status", "COMPLETED", now.register(session.status()));
        if (outcomes.get(1) instanceof Applied) {
            checks.same("items of the update that came first", "X,Y,Z", now.register(session.items()));
        } else {
            checks.that("the update that came later must be refused", outcomes.get(1) instanceof Rejected.ValueDiffers);
            checks.same("items after the refused update", "X,Y", now.register(session.items()));
        }
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        // The whole session in one row, as applications write it back: status|items|tab
        table.write("session", "ACTIVE|X,Y|-");
        List<String> changes = List.of("|X,Y,V|-", "|X,Y,W|-", "|X,Y|tab-3");
        Together.Barrier betweenReadAndWrite = new Together.Barrier(3);
        Together.run(3, caller -> {
            String row = table.read("session");
            betweenReadAndWrite.await();
            table.write("session", row.substring(0, row.indexOf('|')) + changes.get(caller - 1));
            return caller;
        });
        String session = table.read("session");
        long kept = Stream.of(",V|", ",W|", "|tab-3").filter(session::contains).count();

        int logouts = twice(table, "ACTIVE", "LOGGED_OUT");
        int completions = twice(table, "ACTIVE", "COMPLETED");
        return new Loss(
                kept < 3 && logouts > 1 && completions > 1,
                (3 - kept) + " of 3 changes lost; " + logouts + " logout times; completed " + completions + " times: "
                        + completions + " orders placed");
    }

    private static int twice(PlainTable table, String before, String after) throws InterruptedException {
        table.write("status", before);
        Together.Barrier betweenReadAndWrite = new Together.Barrier(2);
        Together.run(2, caller -> {
            String status = table.read("status");
            betweenReadAndWrite.await();
            if (status.equals(before)) {
                table.write("status", after);
                table.append(after, "by " + caller);
            }
            return caller;
        });
        return table.count(after);
    }
}

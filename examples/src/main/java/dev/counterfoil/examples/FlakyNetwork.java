package dev.counterfoil.examples;

import dev.counterfoil.Ledger;
import dev.counterfoil.examples.harness.Checks;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Together;
import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.Faults;
import dev.counterfoil.testkit.FlakyLink;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Scenario 8: one COMMIT in twenty never arrives, or took effect and its answer never arrives. To the sender both look alike,
 * so that neither to send again nor to leave it is right; with the library, the load of scenario 7 ends as if nothing had
 * happened.
 */
public final class FlakyNetwork implements Scenario {
    /** What it is called where it is not run. */
    static final String TITLE = "Flaky network";

    /** How it must end, likewise. */
    static final String MUST_END_AS =
            "1 in 20 COMMITs cut, before or after it takes effect: as scenario 7 without cuts";

    private static final int ONE_COMMIT_IN = 20;
    private static final int CALLERS = 8;

    private final long seed;
    private final int transfers;
    private final FlakyLink link;
    private final HighLoad load;

    /**
     * A load over a flaky link.
     *
     * @param seed of the random cuts, and of the random transfers
     * @param transfers how many, a multiple of 20
     * @param link where all connections go through
     * @param progress told now and then how many sends were answered; called by many threads
     */
    public FlakyNetwork(long seed, int transfers, FlakyLink link, IntConsumer progress) {
        this.seed = seed;
        this.transfers = transfers;
        this.link = link;
        this.load = new HighLoad(seed, transfers, progress);
    }

    @Override
    public String title() {
        return TITLE;
    }

    @Override
    public String mustEndAs() {
        return MUST_END_AS;
    }

    /** Nothing is different from a good network: the caller catches nothing, and sends nothing again. */
    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        Cuts cuts = new Cuts();
        try {
            Ending ending = load.library(ledger, cuts::after);
            Checks checks = new Checks();
            ending.problems().forEach(problem -> checks.that(problem, false));
            checks.that("nothing was cut before COMMIT", cuts.before() > 0);
            checks.that("nothing was cut after COMMIT", cuts.after() > 0);
            return checks.ending(ending.summary() + "; " + cuts);
        } finally {
            link.faults(Faults.none());
        }
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        Cuts cuts = new Cuts();
        try {
            Together.run(CALLERS, caller -> {
                for (int payment = caller; payment <= transfers; payment += CALLERS) {
                    paySendingAgain(table);
                    paySendingOnce(table);
                }
                return caller;
            });
        } finally {
            link.faults(Faults.none());
        }
        int again = table.count("sent again") / 2;
        int once = table.count("sent once") / 2;
        return new Loss(
                again > transfers && once < transfers,
                amount(transfers) + " to be paid: sent again on a fault, " + amount(again)
                        + " is paid; not sent again, " + amount(once) + "; " + cuts);
    }

    /** Out of one till, into another: one transaction, so that no half of it is ever lost. */
    private static void pay(PlainTable table, String list) {
        table.appendTogether(list, List.of("payer -1.00", "shop +1.00"));
    }

    private static void paySendingAgain(PlainTable table) {
        boolean paid = false;
        while (!paid) {
            try {
                pay(table, "sent again");
                paid = true;
            } catch (IllegalStateException e) {
                // "The connection was lost, so it was rolled back."
            }
        }
    }

    private static void paySendingOnce(PlainTable table) {
        try {
            pay(table, "sent once");
        } catch (IllegalStateException e) {
            // "The connection was lost, but the statements all went through."
        }
    }

    private static BigDecimal amount(int payments) {
        return BigDecimal.valueOf(payments).setScale(2);
    }

    /** What is cut from now on. */
    private final class Cuts {
        private final int earlierBefore = link.count(Fault.CUT_BEFORE_COMMIT);
        private final int earlierAfter = link.count(Fault.CUT_AFTER_COMMIT);

        Cuts() {
            link.faults(Faults.random(seed, ONE_COMMIT_IN, Fault.CUT_BEFORE_COMMIT, Fault.CUT_AFTER_COMMIT));
        }

        int before() {
            return link.count(Fault.CUT_BEFORE_COMMIT) - earlierBefore;
        }

        int after() {
            return link.count(Fault.CUT_AFTER_COMMIT) - earlierAfter;
        }

        @Override
        public String toString() {
            return before() + " cut before COMMIT, " + after() + " after";
        }
    }
}

package dev.counterfoil.examples;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.examples.harness.Checks;
import dev.counterfoil.examples.harness.Ending;
import dev.counterfoil.examples.harness.Loss;
import dev.counterfoil.examples.harness.PlainTable;
import dev.counterfoil.examples.harness.Scenario;
import dev.counterfoil.examples.harness.Together;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/** Scenario 4: instalments that arrive at once and twice; what they change depends on what is still due. */
public final class Enrolment implements Scenario {
    private static final Unit SAR = Unit.of("SAR", 2);

    /** One enrolment: its cells. */
    record Place(
            AccountId account,
            BalanceId due,
            BalanceId paid,
            RegisterId payment,
            RegisterId access,
            JournalId payments) {
        static Place of(String id) {
            AccountId account = AccountId.of("enrolment", id);
            return new Place(
                    account,
                    account.balance("amountDue", SAR),
                    account.balance("amountPaid", SAR),
                    account.register("paymentStatus"),
                    account.register("accessStatus"),
                    account.journal("payments"));
        }

        List<? extends CellId> all() {
            return List.of(due, paid, payment, access, payments);
        }
    }

    /** Opens an enrolment; both balances are limited, so that no payment can pass what is due. */
    static Outcome open(Ledger ledger, Place enrolment, String due) {
        return ledger.apply(Update.of(enrolment.account() + "/open")
                .open(enrolment.due(), due, Limits.nonNegative())
                .open(enrolment.paid(), "0.00", Limits.nonNegative())
                .open(enrolment.payment(), "PENDING")
                .open(enrolment.access(), "LOCKED")
                .open(enrolment.payments())
                .build());
    }

    /**
     * Pays an instalment: reads what is due, decides, and changes everything in one step.
     *
     * <p>The function may run more than once, so it has no effect but its answer. What it read is unchanged when its update
     * is committed.
     *
     * @param key the id of the payment; a payment that is sent twice counts once
     * @return applied; or refused with NOT_FOUND (no such enrolment), or as {@link Rejected.Declined} with the code
     *     NOT_POSITIVE or TOO_MUCH
     */
    static Outcome pay(Ledger ledger, Place enrolment, String key, BigDecimal amount) {
        return ledger.decide(key, "pay " + amount.toPlainString(), enrolment.all(), now -> {
            BigDecimal left = now.balance(enrolment.due()).subtract(amount);
            if (amount.signum() <= 0) {
                return now.decline("NOT_POSITIVE", "a payment must be above zero");
            }
            if (left.signum() < 0) {
                return now.decline("TOO_MUCH", "more than is due");
            }
            Update.Builder update = now.update()
                    .take(enrolment.due(), amount)
                    .add(enrolment.paid(), amount)
                    .append(enrolment.payments(), amount.toPlainString());
            String before = now.register(enrolment.payment());
            String after = left.signum() == 0 ? "COMPLETED" : "PARTIAL";
            if (!after.equals(before)) {
                update.compareAndSet(enrolment.payment(), before, after);
            }
            if (left.signum() == 0) {
                update.compareAndSet(enrolment.access(), "LOCKED", "OPEN");
            }
            return update.build();
        });
    }

    @Override
    public String title() {
        return "Enrolment in instalments";
    }

    @Override
    public String mustEndAs() {
        return "100.00 and 200.00 at once, each sent twice: 300.00 paid, COMPLETED, OPEN; bad payments refused";
    }

    @Override
    public Ending library(Ledger ledger) throws InterruptedException {
        Checks checks = new Checks();
        Place enrolment = Place.of("7");
        open(ledger, enrolment, "300.00").orThrow();
        int refused = checkBadPayments(ledger, checks, enrolment);

        List<Outcome> outcomes = Together.run(
                4,
                caller -> caller % 2 == 0
                        ? pay(ledger, enrolment, "payment-a", new BigDecimal("100.00"))
                        : pay(ledger, enrolment, "payment-b", new BigDecimal("200.00")));
        for (int first = 0; first < 2; first++) {
            Applied one = outcomes.get(first).orThrow();
            Applied other = outcomes.get(first + 2).orThrow();
            checks.same("receipt of the payment that was sent twice", one.receipt(), other.receipt());
            checks.that("one of the two must be a replay, the other not", one.replayed() != other.replayed());
        }

        Snapshot now = ledger.read(enrolment.account());
        checks.amount("paid", "300.00", now.balance(enrolment.paid()));
        checks.amount("due", "0.00", now.balance(enrolment.due()));
        List<RegisterEntry> status = Checks.allOf(page -> ledger.history(enrolment.payment(), page));
        List<String> statuses = status.stream().map(RegisterEntry::after).toList();
        checks.same("payment status over time", List.of("PENDING", "PARTIAL", "COMPLETED"), statuses);
        checks.gapless("payment status", status);
        checks.same("access", "OPEN", now.register(enrolment.access()));
        List<JournalEntry> payments = Checks.allOf(page -> ledger.history(enrolment.payments(), page));
        checks.gapless("payments", payments);
        checks.same(
                "payments in the journal",
                List.of("100.00", "200.00"),
                payments.stream()
                        .map(JournalEntry::payload)
                        .filter(Objects::nonNull)
                        .sorted()
                        .toList());
        checks.fold(
                "paid", Checks.allOf(page -> ledger.history(enrolment.paid(), page)), now.balance(enrolment.paid()));
        checks.fold("due", Checks.allOf(page -> ledger.history(enrolment.due(), page)), now.balance(enrolment.due()));
        return checks.ending(now.balance(enrolment.paid()) + " paid, " + now.count(enrolment.payments()) + " payments, "
                + String.join(", ", statuses) + ", " + now.register(enrolment.access()) + "; " + refused
                + " bad payments refused");
    }

    /** Payments that must be refused, one by one; nothing may change. Gives how many were. */
    private static int checkBadPayments(Ledger ledger, Checks checks, Place enrolment) {
        Snapshot before = ledger.read(enrolment.account());
        Place unknown = Place.of("unknown");
        Outcome nobody = pay(ledger, unknown, "payment-c", new BigDecimal("100.00"));
        checks.that("unknown enrolment: " + nobody, nobody instanceof Rejected no && no.reason() == Reason.NOT_FOUND);
        Outcome zero = pay(ledger, enrolment, "payment-d", new BigDecimal("0.00"));
        checks.same("payment of 0.00", "NOT_POSITIVE", code(zero));
        Outcome negative = pay(ledger, enrolment, "payment-e", new BigDecimal("-50.00"));
        checks.same("payment of -50.00", "NOT_POSITIVE", code(negative));
        Outcome tooLarge = pay(ledger, enrolment, "payment-f", new BigDecimal("300.01"));
        checks.same("payment of 300.01", "TOO_MUCH", code(tooLarge));
        checks.same(
                "cells after refusals",
                before.cells(),
                ledger.read(enrolment.account()).cells());
        checks.same("cells of nobody", List.of(), ledger.read(unknown.account()).cells());
        return (int) List.of(nobody, zero, negative, tooLarge).stream()
                .filter(Rejected.class::isInstance)
                .count();
    }

    private static String code(Outcome outcome) {
        return outcome instanceof Rejected.Declined no ? no.code() : outcome.toString();
    }

    @Override
    public Loss lossy(PlainTable table) throws InterruptedException {
        table.write("paid", "0.00");
        table.write("due", "300.00");
        table.write("status", "PENDING");
        Together.Barrier betweenReadAndWrite = new Together.Barrier(4);
        Together.run(4, caller -> {
            BigDecimal amount = new BigDecimal(caller % 2 == 0 ? "100.00" : "200.00");
            BigDecimal paid = table.amount("paid").add(amount);
            BigDecimal due = table.amount("due").subtract(amount);
            betweenReadAndWrite.await();
            table.write("paid", paid);
            table.write("due", due);
            table.write("status", due.signum() == 0 ? "COMPLETED" : "PARTIAL");
            table.append("payments", amount.toPlainString());
            return caller;
        });
        BigDecimal paid = table.amount("paid");
        int payments = table.count("payments");
        return new Loss(
                paid.compareTo(new BigDecimal("300.00")) != 0 && payments > 2,
                payments + " payments taken, 600.00 in all; books say " + paid + " paid, " + table.read("due")
                        + " due, " + table.read("status"));
    }
}

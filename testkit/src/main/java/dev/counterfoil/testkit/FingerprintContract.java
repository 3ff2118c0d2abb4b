package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What makes a repeat the same, and what makes it another wish under a used key. */
abstract class FingerprintContract extends ContractPart {
    private static final BalanceId SPENT = ACCOUNT.balance("spent", SAR);

    FingerprintContract(LedgerContract store) {
        super(store);
    }

    /** Sends content after content under one key each time: the first is applied, the other must be another wish. */
    private void differ(String what, UnaryOperator<Update.Builder> one, UnaryOperator<Update.Builder> other) {
        String key = fresh();
        Applied first = applied(one.apply(Update.of(key)));
        assertThat(ledger.apply(other.apply(Update.of(key)).build()))
                .as(what)
                .isEqualTo(new KeyReused(new Applied(first.receipt(), true)));
        assertThat(ledger.apply(one.apply(Update.of(key)).build()).orThrow().replayed())
                .as(what)
                .isTrue();
    }

    private void same(String what, UnaryOperator<Update.Builder> one, UnaryOperator<Update.Builder> other) {
        String key = fresh();
        Applied first = applied(one.apply(Update.of(key)));
        assertThat(ledger.apply(other.apply(Update.of(key)).build()))
                .as(what)
                .isEqualTo(new Applied(first.receipt(), true));
    }

    private void openBoth() {
        openAccount();
        applied(update().open(SPENT, "100.00", Limits.none()).open(OTHER, "100.00", Limits.none()));
    }

    @Test
    void operationsAreContent() {
        openBoth();
        differ("amount", u -> u.add(AVAILABLE, "1.00"), u -> u.add(AVAILABLE, "1.01"));
        differ("direction", u -> u.add(AVAILABLE, "1.00"), u -> u.take(AVAILABLE, "1.00"));
        differ("account", u -> u.add(AVAILABLE, "1.00"), u -> u.add(OTHER, "1.00"));
        differ("cell", u -> u.add(AVAILABLE, "1.00"), u -> u.add(SPENT, "1.00"));
        differ("unit", u -> u.add(AVAILABLE, "1"), u -> u.add(ACCOUNT.balance("available", Unit.of("EUR", 2)), "1"));
        differ("scale", u -> u.add(AVAILABLE, "1"), u -> u.add(ACCOUNT.balance("available", Unit.of("SAR", 3)), "1"));
        differ(
                "one more",
                u -> u.add(AVAILABLE, "1"),
                u -> u.add(AVAILABLE, "1").add(AVAILABLE, "1"));
        differ(
                "order",
                u -> u.add(AVAILABLE, "1").add(SPENT, "1"),
                u -> u.add(SPENT, "1").add(AVAILABLE, "1"));
        differ("split", u -> u.add(AVAILABLE, "2"), u -> u.add(AVAILABLE, "1").add(AVAILABLE, "1"));
        differ("payload", u -> u.append(USAGE, "a"), u -> u.append(USAGE, "b"));
        differ(
                "payload or two",
                u -> u.append(USAGE, "ab"),
                u -> u.append(USAGE, "a").append(USAGE, "b"));
        differ("next text", u -> u.compareAndSet(STATUS, "ACTIVE", "A"), u -> u.compareAndSet(STATUS, "ACTIVE", "B"));
        differ("expected text", u -> u.compareAndSet(STATUS, "A", "C"), u -> u.compareAndSet(STATUS, "B", "C"));
        differ("limits", u -> u.setLimits(SPENT, Limits.none()), u -> u.setLimits(SPENT, Limits.atLeast("0")));
        differ(
                "which limit",
                u -> u.setLimits(SPENT, Limits.atLeast("0")),
                u -> u.setLimits(SPENT, Limits.atMost("0")));
        differ("close or reopen", u -> u.close(USAGE), u -> u.reopen(USAGE));
    }

    @Test
    void whatIsOpenedIsContent() {
        openBoth();
        differ("first", u -> u.open(cell("a"), "1", Limits.none()), u -> u.open(cell("a"), "2", Limits.none()));
        differ("limits", u -> u.open(cell("b"), "1", Limits.none()), u -> u.open(cell("b"), "1", Limits.nonNegative()));
        differ("if absent", u -> u.open(cell("c")), u -> u.openIfAbsent(cell("c")));
        differ("kind", u -> u.open(ACCOUNT.journal("d")), u -> u.open(ACCOUNT.register("d"), ""));
        differ("text", u -> u.open(ACCOUNT.register("e"), "1"), u -> u.open(ACCOUNT.register("e"), "2"));
    }

    private static BalanceId cell(String name) {
        return ACCOUNT.balance(name, SAR);
    }

    @Test
    void checksAreContent() {
        openBoth();
        differ("a check", u -> u.add(SPENT, "1").requireOpen(AVAILABLE), u -> u.add(SPENT, "1"));
        differ("its cell", u -> u.requireOpen(AVAILABLE), u -> u.requireOpen(STATUS));
        differ("the kind of its cell", u -> u.requireOpen(STATUS), u -> u.requireOpen(ACCOUNT.journal(STATUS.name())));
        differ(
                "the kind of its account",
                u -> u.requireOpen(STATUS),
                u -> u.requireOpen(AccountId.of("another", ACCOUNT.id()).register(STATUS.name())));
        differ("its unit", u -> u.requireOpen(SPENT), u -> u.requireOpen(ACCOUNT.balance("spent", Unit.of("EUR", 2))));
        differ("its scale", u -> u.requireOpen(SPENT), u -> u.requireOpen(ACCOUNT.balance("spent", Unit.of("SAR", 3))));
        differ(
                "its place",
                u -> u.requireOpen(SPENT).add(SPENT, "1"),
                u -> u.add(SPENT, "1").requireOpen(SPENT));
        differ("at least", u -> u.requireAtLeast(SPENT, "1"), u -> u.requireAtLeast(SPENT, "2"));
        differ("at most", u -> u.requireAtMost(SPENT, "1000"), u -> u.requireAtMost(SPENT, "2000"));
        differ("which side", u -> u.requireAtMost(OTHER, "100"), u -> u.requireAtLeast(OTHER, "100"));
        differ("text", u -> u.requireValue(STATUS, "ACTIVE"), u -> u.requireValue(STATUS, "ACTIVE "));
    }

    @Test
    void whatIsSaidOfTheWholeUpdateIsContent() {
        openBoth();
        differ("force", u -> u.add(SPENT, "1"), u -> u.add(SPENT, "1").force("manager"));
        differ(
                "its reason",
                u -> u.add(SPENT, "1").force("manager"),
                u -> u.add(SPENT, "1").force("owner"));
        differ("reference", u -> u.add(SPENT, "1"), u -> u.add(SPENT, "1").reference("invoice/1"));
        differ(
                "its text",
                u -> u.add(SPENT, "1").reference("invoice/2"),
                u -> u.add(SPENT, "1").reference("invoice/3"));
        differ(
                "balanced",
                u -> u.add(SPENT, "1").take(OTHER, "1").balanced(),
                u -> u.add(SPENT, "1").take(OTHER, "1"));
    }

    @Test
    void whatIsReversedIsContent() {
        openBoth();
        Receipt one = applied(update().add(SPENT, "1.00")).receipt();
        Receipt two = applied(update().add(SPENT, "1.00")).receipt();
        applied(Update.reversalOf("back", one));

        assertThat(ledger.apply(Update.reversalOf("back", two).build())).isInstanceOf(KeyReused.class);
        Receipt scoped = applied(Update.of(Key.of("scope", one.key().value())).add(SPENT, "1.00"))
                .receipt();
        assertThat(ledger.apply(Update.reversalOf("back", scoped).build())).isInstanceOf(KeyReused.class);
        assertThat(ledger.apply(Update.of("back").take(SPENT, "1.00").build())).isInstanceOf(KeyReused.class);
        assertThat(ledger.apply(Update.reversalOf("back", one).build())
                        .orThrow()
                        .replayed())
                .isTrue();
    }

    @Test
    void equalAmountsAreTheSameHoweverTheyAreWritten() {
        openBoth();
        same("zeros behind", u -> u.add(SPENT, "800"), u -> u.add(SPENT, "800.00"));
        same("many zeros behind", u -> u.add(SPENT, "800"), u -> u.add(SPENT, "800.000000"));
        same("zeros before", u -> u.add(SPENT, "8"), u -> u.add(SPENT, "0008"));
        same("a number", u -> u.add(SPENT, "800"), u -> u.add(SPENT, amount("8E+2")));
        same("signs", u -> u.increment(SPENT, "-1"), u -> u.take(SPENT, "1.00"));
        same(
                "limits",
                u -> u.setLimits(SPENT, Limits.atLeast("-100")),
                u -> u.setLimits(SPENT, Limits.atLeast("-100.00")));
        same(
                "transfers",
                u -> u.transfer(SPENT, OTHER, "1"),
                u -> u.take(SPENT, "1").add(OTHER, "1").balanced());
    }

    @Test
    void whatARetryRebuildsIsNoContent() {
        openBoth();
        same(
                "metadata",
                u -> u.add(SPENT, "1").metadata("trace 1"),
                u -> u.add(SPENT, "1").metadata("trace 2"));
        same("no metadata", u -> u.add(SPENT, "1").metadata("trace 1"), u -> u.add(SPENT, "1"));
        same(
                "time",
                u -> u.add(SPENT, "1").effectiveAt(Instant.EPOCH),
                u -> u.add(SPENT, "1").effectiveAt(Instant.now()));
        same(
                "version",
                u -> u.requireVersion(STATUS, 1).add(SPENT, "1"),
                u -> u.requireVersion(STATUS, 7).add(SPENT, "1"));
        same("no version", u -> u.requireVersion(STATUS, 1).add(SPENT, "1"), u -> u.add(SPENT, "1"));
        same("retryable", u -> u.add(SPENT, "1").retryable(), u -> u.add(SPENT, "1"));
    }

    @Test
    void theRequestTextAndTheCellsAreTheContentOfADecide() {
        openBoth();
        Map<String, KeyReused> others = new LinkedHashMap<>();
        ledger.decide(
                        "d",
                        "pay 1.00",
                        List.of(SPENT, AVAILABLE),
                        now -> now.update().add(SPENT, "1.00").build())
                .orThrow();

        others.put("text", (KeyReused)
                ledger.decide("d", "pay 2.00", List.of(SPENT, AVAILABLE), now -> now.decline("NO", "")));
        others.put("cells", (KeyReused) ledger.decide("d", "pay 1.00", List.of(SPENT), now -> now.decline("NO", "")));

        assertThat(others.values()).allMatch(reused -> reused.stored() instanceof Applied);
        assertThat(ledger.decide("d", "pay 1.00", List.of(AVAILABLE, SPENT, SPENT), now -> now.decline("NO", ""))
                        .orThrow()
                        .replayed())
                .as("the order of the cells, and naming one twice, is no content")
                .isTrue();
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** All of an update, or nothing: a refusal at any position leaves cells and entries as they were. */
abstract class AtomicityContract extends ContractPart {
    private static final BalanceId CLOSED = ACCOUNT.balance("closed", SAR);

    AtomicityContract(LedgerContract store) {
        super(store);
    }

    private void openAll() {
        openAll(update());
    }

    private void openAll(Update.Builder update) {
        openAccount();
        applied(update.open(OTHER, "1000.00", Limits.between("-50", "5000"))
                .open(CLOSED)
                .close(CLOSED));
    }

    /** Each is refused, whatever came before it in the update. */
    private static List<Consumer<Update.Builder>> refused() {
        return List.of(
                u -> u.take(AVAILABLE, "100000.00"),
                u -> u.add(OTHER, "100000.00"),
                u -> u.add(OTHER, "9".repeat(36)).add(OTHER, "9".repeat(36)),
                u -> u.transfer(AVAILABLE, OTHER, "100000.00"),
                u -> u.add(ACCOUNT.balance("none", SAR), "1.00"),
                u -> u.add(ACCOUNT.balance("available", POINTS), 1),
                u -> u.append(ACCOUNT.journal("status"), "x"),
                u -> u.add(CLOSED, "1.00"),
                u -> u.open(CLOSED),
                u -> u.open(STATUS, "x"),
                u -> u.openIfAbsent(CLOSED),
                u -> u.close(OTHER),
                u -> u.reopen(AVAILABLE),
                u -> u.compareAndSet(STATUS, "what it never is", "x"),
                u -> u.requireValue(STATUS, "what it never is"),
                u -> u.requireAtLeast(AVAILABLE, "100000.00"),
                u -> u.requireAtMost(OTHER, "-51"),
                u -> u.requireVersion(OTHER, 1_000_000),
                u -> u.requireOpen(CLOSED));
    }

    /** Each is allowed, whatever came before it. */
    private static List<Consumer<Update.Builder>> allowed(Seed seed, String name) {
        BalanceId fresh = ACCOUNT.balance(name, SAR);
        return List.of(
                u -> u.add(AVAILABLE, seed.between(1, 9) + ".05"),
                u -> u.take(AVAILABLE, "0.05"),
                u -> u.take(OTHER, "0.0" + seed.between(1, 9)),
                u -> u.transfer(AVAILABLE, OTHER, "1.00"),
                u -> u.append(USAGE, "payload " + seed.between(0, 99)),
                u -> u.setLimits(AVAILABLE, Limits.between("-" + seed.between(0, 99), "90000")),
                u -> u.openIfAbsent(STATUS, "x").requireOpen(USAGE),
                u -> u.openIfAbsent(fresh),
                u -> u.openIfAbsent(OTHER.account().register(name), name));
    }

    @Test
    void aRefusalAtAnyPositionLeavesCellsAndEntriesAsTheyWere() {
        Seed seed = Seed.of("a refusal at any position");
        openAll();
        int rounds = 5;
        for (int round = 0; round < rounds; round++) {
            Books books = books();
            for (Consumer<Update.Builder> no : refused()) {
                Update.Builder update = update();
                int before = seed.below(8);
                int after = seed.below(4);
                List<Consumer<Update.Builder>> yes = allowed(seed, "new " + round);
                for (int i = 0; i < before; i++) {
                    seed.oneOf(yes).accept(update);
                }
                no.accept(update);
                for (int i = 0; i < after; i++) {
                    seed.oneOf(yes).accept(update);
                }

                Outcome outcome = ledger.apply(update.build());

                assertThat(outcome).as(seed.toString()).isInstanceOf(Rejected.class);
                assertThat(((Rejected) outcome).index()).as(seed.toString()).isGreaterThanOrEqualTo(before);
                assertThat(books()).as(seed.toString()).isEqualTo(books);
            }
            // What is allowed is allowed, so the refusals above were not for another reason; and the state moves on.
            Update.Builder update = update();
            allowed(seed, "new " + round).forEach(yes -> yes.accept(update));
            applied(update);
        }
    }

    @Test
    void refusalsInAListLeaveWhatTheOthersMade() {
        Seed seed = Seed.of("refusals in a list");
        openAll(Update.of("the rest"));
        List<Update> alone = new ArrayList<>();
        List<Update> mixed = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Update.Builder good = update();
            seed.oneOf(allowed(seed, "new")).accept(good);
            alone.add(good.build());
            mixed.add(good.build());
            Update.Builder bad = update();
            seed.oneOf(allowed(seed, "never")).accept(bad);
            seed.oneOf(refused()).accept(bad);
            mixed.add(bad.build());
        }
        List<Outcome> outcomes = ledger.applyEach(mixed);
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i) instanceof Rejected)
                    .as(seed + ", update " + i)
                    .isEqualTo(i % 2 == 1);
        }
        Object withRefusals = WithoutTimes.of(List.of(books()));

        ledger = open(LedgerSettings.defaults());
        openAll(Update.of("the rest"));
        assertThat(ledger.applyEach(alone)).allSatisfy(Outcome::orThrow);
        assertThat(WithoutTimes.of(List.of(books()))).as(seed.toString()).isEqualTo(withRefusals);
    }
}

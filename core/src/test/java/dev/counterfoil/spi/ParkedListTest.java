package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.BatchException;
import dev.counterfoil.Ledger;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a list when somebody holds a cell that some of its updates need. */
@Timeout(30)
class ParkedListTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", Unit.of("SAR", 2));

    /** How many groups of several callers the store takes at once; 0 for a transaction for each call. */
    int groupsAtOnce() {
        return 0;
    }

    private Ledger ledger(FakeStore store) {
        return new StoreLedger(store.groupsAtOnce(groupsAtOnce()), LedgerSettings.defaults());
    }

    private static Update onCell(String key, String cell) {
        return Update.of(key).add(ACCOUNT.balance(cell, Unit.of("SAR", 2)), "1").build();
    }

    /** A store in which somebody holds a cell for as many groups. */
    private static FakeStore holding(String cell, int groups) {
        AtomicInteger left = new AtomicInteger(groups);
        return FakeStore.following().thenAlways((group, deadline) -> {
            boolean held = left.getAndDecrement() > 0;
            Parking parking = new Parking(held ? Set.of(new CellAddress("", ACCOUNT, cell)) : Set.of());
            return group.stream()
                    .map(r -> parking.keeps(r) ? FakeStore.parked(r) : FakeStore.applied(r))
                    .toList();
        });
    }

    @Test
    void the_groups_of_a_list_do_not_wait_for_what_is_parked_in_one() {
        List<Update> list =
                IntStream.range(0, 2800).mapToObj(i -> onCell("u" + i, "c" + i)).toList();
        FakeStore store = holding("c3", 4);
        assertThat(ledger(store).applyEach(list))
                .extracting(outcome -> outcome.key().value())
                .containsExactlyElementsOf(
                        list.stream().map(update -> update.key().value()).toList());
        assertThat(store.sent()).extracting(List::size).containsExactly(1000, 1000, 800, 1, 1);
        assertThat(store.sent().get(4)).containsExactly("u3");
    }

    @Test
    void what_shares_a_cell_a_key_or_a_reference_with_what_is_parked_stays_behind_it_in_every_group() {
        List<Update> list = new ArrayList<>(
                IntStream.range(0, 2800).mapToObj(i -> onCell("u" + i, "c" + i)).toList());
        list.set(
                3,
                Update.of("u3")
                        .add(ACCOUNT.balance("held", A.unit()), "1")
                        .reference("r")
                        .build());
        list.set(1400, onCell("same cell", "held"));
        list.set(1401, onCell("u3", "other cell"));
        list.set(1402, Update.of("same reference").add(A, "1").reference("r").build());
        list.set(2400, onCell("behind the key", "other cell"));
        FakeStore store = holding("held", 1);
        assertThat(ledger(store).applyEach(list)).hasSize(2800);
        assertThat(store.sent()).extracting(List::size).containsExactly(1000, 997, 799, 5);
        assertThat(store.sent().get(3)).containsExactly("u3", "same cell", "u3", "same reference", "behind the key");
    }

    @Test
    void the_halves_of_a_group_keep_their_order_behind_what_is_parked() {
        List<Update> list = List.of(onCell("a", "held"), onCell("bad", "1"), onCell("c", "held"), onCell("d", "2"));
        FakeStore parks = holding("held", 3);
        FakeStore store = FakeStore.following().thenAlways((group, deadline) -> {
            if (group.stream().anyMatch(r -> r.key().value().equals("bad"))) {
                throw new StoreException(
                        StoreException.Phase.BODY, StoreException.Trouble.ONE_REQUEST, "a value was refused", null);
            }
            return parks.submit(group, deadline);
        });
        BatchException e =
                catchThrowableOfType(BatchException.class, () -> ledger(store).applyEach(list));
        assertThat(e).hasMessageStartingWith("of 4 updates: 3 applied, 0 refused, 1 not applied");
        assertThat(parks.sent()).containsExactly(List.of("a"), List.of("d"), List.of("a", "c"), List.of("a", "c"));
    }

    @Test
    void more_than_a_group_may_be_parked() {
        List<Update> list =
                IntStream.range(0, 2800).mapToObj(i -> onCell("u" + i, "held")).toList();
        FakeStore store = holding("held", 2);
        assertThat(ledger(store).applyEach(list)).hasSize(2800);
        assertThat(store.sent()).extracting(List::size).containsExactly(1000, 1000, 1000, 1000, 800);
        assertThatEachWasSentInOrder(store.sent().subList(2, 5), 2800);
    }

    private static void assertThatEachWasSentInOrder(List<List<String>> groups, int n) {
        assertThat(groups.stream().flatMap(List::stream))
                .containsExactlyElementsOf(
                        IntStream.range(0, n).mapToObj(i -> "u" + i).toList());
    }

    @Test
    void what_waits_for_what_nobody_can_see_is_looked_for_in_smaller_and_smaller_groups() {
        AtomicInteger left = new AtomicInteger(5);
        FakeStore store = FakeStore.following().thenAlways((group, deadline) -> {
            boolean waits = group.stream().anyMatch(r -> r.key().value().equals("u5")) && left.getAndDecrement() > 0;
            return group.stream()
                    .map(r -> waits ? new Answer.Parked(Set.of()) : FakeStore.applied(r))
                    .toList();
        });
        List<Update> list =
                IntStream.range(0, 8).mapToObj(i -> onCell("u" + i, "c" + i)).toList();
        assertThat(ledger(store).applyEach(list)).hasSize(8);
        assertThat(store.sent())
                .containsExactly(
                        List.of("u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7"),
                        List.of("u0", "u1", "u2", "u3"),
                        List.of("u4", "u5", "u6", "u7"),
                        List.of("u4", "u5"),
                        List.of("u6", "u7"),
                        List.of("u4"),
                        List.of("u5"),
                        List.of("u5"),
                        List.of("u5"));
    }
}

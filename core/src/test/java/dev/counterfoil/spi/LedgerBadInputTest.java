package dev.counterfoil.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.counterfoil.AccountId;
import dev.counterfoil.BadInput;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.DecideFunction;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.memory.MemoryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ledger refuses before its store is touched: bad arguments, calls after close, calls from inside a decide. */
class LedgerBadInputTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", Unit.of("SAR", 2));
    private static final RegisterId STATUS = ACCOUNT.register("status");
    private static final JournalId LOG = ACCOUNT.journal("log");
    private static final Update UPDATE = Update.of("k").add(A, "1.00").build();
    private static final PageRequest PAGE = PageRequest.first(10);
    private static final DecideFunction NEVER = now -> {
        throw new AssertionError("the function must not run");
    };

    private static final FakeStore STORE = FakeStore.following();
    private static final Ledger LEDGER = new StoreLedger(STORE, LedgerSettings.defaults());

    static Stream<BadInput> badCalls() {
        List<CellId> tooMany = IntStream.rangeClosed(0, 1000)
                .<CellId>mapToObj(i -> ACCOUNT.register("r" + i))
                .toList();
        AccountId[] tooManyAccounts = IntStream.rangeClosed(0, 1000)
                .mapToObj(i -> AccountId.of("a", "" + i))
                .toArray(AccountId[]::new);
        CellId otherUnit = ACCOUNT.balance("a", Unit.of("USD", 2));
        return Stream.of(
                BadInput.isNull("update", () -> LEDGER.apply(null)),
                BadInput.isNull("updates", () -> LEDGER.applyEach(null)),
                BadInput.isNull("updates[1]", () -> LEDGER.applyEach(Arrays.asList(UPDATE, null))),
                BadInput.isNull("update", () -> use(LEDGER.applyAsync(null, Runnable::run))),
                BadInput.isNull("executor", () -> use(LEDGER.applyAsync(UPDATE, null))),
                BadInput.isNull("key", () -> LEDGER.decide((Key) null, "r", List.of(A), NEVER)),
                BadInput.isNull("key", () -> LEDGER.decide((String) null, "r", List.of(A), NEVER)),
                BadInput.isNull("request", () -> LEDGER.decide("k", null, List.of(A), NEVER)),
                BadInput.isNull("reads", () -> LEDGER.decide("k", "r", null, NEVER)),
                BadInput.isNull("cell", () -> LEDGER.decide("k", "r", Arrays.asList(A, null), NEVER)),
                BadInput.isNull("function", () -> LEDGER.decide("k", "r", List.of(A), null)),
                BadInput.isNull("accounts", () -> LEDGER.read((AccountId[]) null)),
                BadInput.isNull("account", () -> LEDGER.read(ACCOUNT, null)),
                BadInput.isNull("cell", () -> LEDGER.history((BalanceId) null, PAGE)),
                BadInput.isNull("cell", () -> LEDGER.history((RegisterId) null, PAGE)),
                BadInput.isNull("cell", () -> LEDGER.history((JournalId) null, PAGE)),
                BadInput.isNull("page", () -> LEDGER.history(A, null)),
                BadInput.isNull("key", () -> LEDGER.find((Key) null)),
                BadInput.isNull("key", () -> LEDGER.find((String) null)),
                BadInput.isNull("account kind", () -> LEDGER.accounts(null, "", PAGE)),
                BadInput.isNull("account id prefix", () -> LEDGER.accounts("retainer", null, PAGE)),
                BadInput.isNull("page", () -> LEDGER.accounts("retainer", "", null)),
                BadInput.isNull("namespace", () -> use(LEDGER.namespace(null))),
                BadInput.of("bad key", () -> LEDGER.find("é"), "key", "printable ASCII"),
                BadInput.of("bad key", () -> LEDGER.decide("", "r", List.of(A), NEVER), "key", "1 to 255"),
                BadInput.of(
                        "long request",
                        () -> LEDGER.decide("k", "é".repeat(32_769), List.of(A), NEVER),
                        "request",
                        "must be at most 65536 bytes in UTF-8, has 65538"),
                BadInput.of(
                        "request with NUL",
                        () -> LEDGER.decide("k", "pay 98765\0", List.of(A), NEVER),
                        "request",
                        "must not contain NUL"),
                BadInput.of("no cells", () -> LEDGER.decide("k", "r", List.of(), NEVER), "0 cells", "1 to 1000"),
                BadInput.of("1001 cells", () -> LEDGER.decide("k", "r", tooMany, NEVER), "1001 cells", "1 to 1000"),
                BadInput.of(
                        "one cell as two",
                        () -> LEDGER.decide("k", "r", List.of(A, otherUnit), NEVER),
                        "retainer/42:a",
                        "is declared twice, as different cells"),
                BadInput.of("no accounts", () -> LEDGER.read(), "0 accounts", "1 to 1000"),
                BadInput.of("1001 accounts", () -> LEDGER.read(tooManyAccounts), "1001 accounts", "1 to 1000"),
                BadInput.of("slash", () -> LEDGER.accounts("a/b", "", PAGE), "account kind", "must not contain '/'"),
                BadInput.of("empty kind", () -> LEDGER.accounts("", "", PAGE), "account kind", "must not be empty"),
                BadInput.of(
                        "long prefix",
                        () -> LEDGER.accounts("a", "é".repeat(128), PAGE),
                        "account id prefix",
                        "at most 255 bytes"),
                BadInput.of(
                        "half a character",
                        () -> LEDGER.accounts("a", "\uD83D", PAGE),
                        "account id prefix",
                        "lone surrogate"),
                BadInput.of(
                        "bad cursor",
                        () -> LEDGER.accounts("a", "", PageRequest.after("a\n", 1)),
                        "cursor",
                        "control characters"),
                BadInput.of("bad cursor", () -> LEDGER.history(A, PageRequest.after("", 1)), "cursor", "is not one"),
                BadInput.of("bad cursor", () -> LEDGER.history(A, PageRequest.after("-1", 1)), "cursor", "is not one"),
                BadInput.of("bad cursor", () -> LEDGER.history(A, PageRequest.after("1 ", 1)), "cursor", "is not one"),
                BadInput.of("bad cursor", () -> LEDGER.history(A, PageRequest.after("١", 1)), "cursor", "is not one"),
                BadInput.of(
                        "bad cursor",
                        () -> LEDGER.history(A, PageRequest.after("9".repeat(19), 1)),
                        "cursor",
                        "is not one"),
                BadInput.of("blank", () -> use(LEDGER.namespace(" ")), "namespace", "must not be blank"),
                BadInput.of("long", () -> use(LEDGER.namespace("é".repeat(33))), "namespace", "at most 64 bytes"),
                BadInput.of("control", () -> use(LEDGER.namespace("a\tb")), "namespace", "control characters"));
    }

    @ParameterizedTest
    @MethodSource("badCalls")
    void a_bad_call_is_refused_before_the_store_is_touched(BadInput bad) {
        int before = STORE.calls();
        assertThat(bad.refused()).doesNotContain("98765");
        assertThat(STORE.calls()).isEqualTo(before);
    }

    @Test
    void the_ends_of_the_ranges_are_fine() {
        AccountId[] accounts = IntStream.range(0, 1000)
                .mapToObj(i -> AccountId.of("a", "" + i))
                .toArray(AccountId[]::new);
        List<CellId> cells = IntStream.range(0, 1000)
                .<CellId>mapToObj(i -> ACCOUNT.register("r" + i))
                .toList();
        assertThat(LEDGER.read(accounts).cells()).isEmpty();
        assertThat(LEDGER.decide("ends", "é".repeat(32_768), cells, now -> now.decline("NO", "")))
                .isNotNull();
        assertThat(LEDGER.history(A, PageRequest.after("9".repeat(18), 1000)).items())
                .isEmpty();
        // A cell or an account that is named twice counts once.
        assertThat(LEDGER.read(Stream.concat(Stream.of(accounts), Stream.of(accounts))
                                .toArray(AccountId[]::new))
                        .cells())
                .isEmpty();
        List<CellId> twice = Stream.concat(cells.stream(), cells.stream()).toList();
        assertThat(LEDGER.decide("ends", "r", twice, now -> now.decline("NO", "")))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE})
    void a_page_has_1_to_1000_items(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageRequest.first(limit))
                .withMessage("page limit " + limit + ": must be 1 to 1000");
        assertThatIllegalArgumentException().isThrownBy(() -> PageRequest.after("1", limit));
        assertThatNullPointerException()
                .isThrownBy(() -> PageRequest.after(null, 1))
                .withMessage("cursor");
        assertThatCode(() -> PageRequest.first(1)).doesNotThrowAnyException();
        assertThatCode(() -> PageRequest.first(1000)).doesNotThrowAnyException();
    }

    @Test
    void a_time_out_is_above_zero_and_at_most_a_day() {
        for (Duration bad : List.of(
                Duration.ZERO,
                Duration.ofNanos(-1),
                Duration.ofDays(1).plusNanos(1),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LedgerSettings.defaults().withTimeout(bad))
                    .withMessage("timeout " + bad + ": must be above zero and at most a day");
        }
        assertThatNullPointerException()
                .isThrownBy(() -> LedgerSettings.defaults().withTimeout(null))
                .withMessage("timeout");
        assertThatNullPointerException()
                .isThrownBy(() -> MemoryLedger.builder().clock(null))
                .withMessage("clock");
        assertThatCode(() -> LedgerSettings.defaults().withTimeout(Duration.ofDays(1)))
                .doesNotThrowAnyException();
    }

    /** Every method of a ledger, with good arguments. */
    private static Map<String, Consumer<Ledger>> everyMethod() {
        Map<String, Consumer<Ledger>> calls = new LinkedHashMap<>();
        calls.put("apply", ledger -> ledger.apply(UPDATE));
        calls.put("applyEach", ledger -> ledger.applyEach(List.of(UPDATE)));
        calls.put("applyEach of nothing", ledger -> ledger.applyEach(List.of()));
        calls.put("decide", ledger -> ledger.decide("k", "r", List.of(A), NEVER));
        calls.put("decide by key", ledger -> ledger.decide(Key.of("k"), "r", List.of(A), NEVER));
        calls.put("read", ledger -> ledger.read(ACCOUNT));
        calls.put("history of a balance", ledger -> ledger.history(A, PAGE));
        calls.put("history of a register", ledger -> ledger.history(STATUS, PAGE));
        calls.put("history of a journal", ledger -> ledger.history(LOG, PAGE));
        calls.put("find", ledger -> ledger.find("k"));
        calls.put("find by key", ledger -> ledger.find(Key.of("k")));
        calls.put("accounts", ledger -> ledger.accounts("retainer", "", PAGE));
        calls.put("namespace", ledger -> use(ledger.namespace("n")));
        return calls;
    }

    @Test
    void a_closed_ledger_refuses_every_call() {
        FakeStore store = FakeStore.following();
        Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());
        Ledger other = ledger.namespace("other");
        ledger.close();
        for (Ledger closed : List.of(ledger, other)) {
            everyMethod()
                    .forEach((name, call) -> assertThatIllegalStateException()
                            .as(name)
                            .isThrownBy(() -> call.accept(closed))
                            .withMessage("this ledger is closed"));
            CompletableFuture<Outcome> future = closed.applyAsync(UPDATE, Runnable::run);
            assertThatCode(future::join)
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("this ledger is closed");
        }
        ledger.close();
        other.close();
        assertThat(store.closings()).isEqualTo(1);
        assertThat(store.calls()).isZero();
    }

    @Test
    void a_call_from_inside_a_decide_is_refused() {
        String refusal = "a decide function must not call a ledger: it may run while cells are locked";
        Map<String, Consumer<Ledger>> calls = everyMethod();
        calls.put("applyAsync", ledger -> use(ledger.applyAsync(UPDATE, Runnable::run)));
        calls.put("close", Ledger::close);
        try (Ledger elsewhere = MemoryLedger.create()) {
            calls.forEach((name, call) -> {
                FakeStore store = FakeStore.following();
                Ledger ledger = new StoreLedger(store, LedgerSettings.defaults());
                for (Ledger called : List.of(ledger, elsewhere)) {
                    int before = store.calls();
                    assertThatIllegalStateException()
                            .as(name)
                            .isThrownBy(() -> ledger.decide("k", "r", List.of(A), now -> {
                                call.accept(called);
                                return now.update().add(A, "1").build();
                            }))
                            .withMessage(refusal);
                    // The cells were read for the function; nothing else was asked of the store.
                    assertThat(store.calls()).as(name).isEqualTo(before + 1);
                    assertThat(store.sent()).as(name).isEmpty();
                }
                assertThat(store.closings()).isZero();
                // The thread may call again once the function is over.
                assertThat(ledger.apply(UPDATE)).isNotNull();
            });
        }
    }

    @Test
    void a_call_from_inside_is_refused_even_if_the_function_hides_it() {
        AtomicInteger refused = new AtomicInteger();
        FakeStore store = FakeStore.following();
        try (Ledger ledger = new StoreLedger(store, LedgerSettings.defaults())) {
            Outcome outcome = ledger.decide("k", "r", List.of(A), now -> {
                try {
                    ledger.apply(UPDATE);
                } catch (IllegalStateException e) {
                    refused.incrementAndGet();
                }
                return now.update().add(A, "1").build();
            });
            assertThat(outcome).isNotNull();
        }
        assertThat(refused).hasValue(1);
        assertThat(store.sent()).containsExactly(List.of("k"));
    }

    @Test
    void arguments_that_change_after_the_call_change_nothing() {
        FakeStore store = FakeStore.following();
        try (Ledger ledger = new StoreLedger(store, LedgerSettings.defaults())) {
            Update[] updates = {
                Update.of("u1").add(A, "1").build(), Update.of("u2").add(A, "1").build()
            };
            List<Update> list = Arrays.asList(updates);
            store.thenAlways((group, deadline) -> {
                Collections.swap(list, 0, 1);
                return group.stream().map(FakeStore::applied).toList();
            });
            assertThat(ledger.applyEach(list)).extracting(o -> o.key().value()).containsExactly("u1", "u2");

            Collection<CellId> reads = new ArrayList<>(List.of(A));
            ledger.decide("d", "r", reads, now -> {
                reads.add(STATUS);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> now.find(STATUS))
                        .withMessage("retainer/42:status: was not declared to decide");
                return now.update().add(A, "1").build();
            });
        }
    }

    /** For what the compiler wants used. */
    private static void use(Object result) {
        assertThat(result).isNotNull();
    }
}

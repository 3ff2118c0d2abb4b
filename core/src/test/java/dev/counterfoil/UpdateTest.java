package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpdateTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", SAR);
    private static final BalanceId B = ACCOUNT.balance("b", SAR);
    private static final RegisterId STATUS = ACCOUNT.register("status");
    private static final JournalId LOG = ACCOUNT.journal("log");
    private static final String SECRET = "s3cret";

    private static Update.Builder update() {
        return Update.of("k");
    }

    static Stream<BadInput> nulls() {
        return Stream.of(
                BadInput.isNull("balance", () -> update().open((BalanceId) null)),
                BadInput.isNull("balance", () -> update().open(null, "1", Limits.none())),
                BadInput.isNull("balance", () -> update().open(null, 1, Limits.none())),
                BadInput.isNull("balance", () -> update().open(null, BigDecimal.ONE, Limits.none())),
                BadInput.isNull("balance", () -> update().openIfAbsent((BalanceId) null)),
                BadInput.isNull("balance", () -> update().openIfAbsent(null, "1", Limits.none())),
                BadInput.isNull("balance", () -> update().increment(null, "1")),
                BadInput.isNull("balance", () -> update().increment(null, 1)),
                BadInput.isNull("balance", () -> update().increment(null, BigDecimal.ONE)),
                BadInput.isNull("balance", () -> update().add(null, BigDecimal.ONE)),
                BadInput.isNull("balance", () -> update().take(null, BigDecimal.ONE)),
                BadInput.isNull("balance", () -> update().transfer(null, B, BigDecimal.ONE)),
                BadInput.isNull("balance", () -> update().transfer(A, null, BigDecimal.ONE)),
                BadInput.isNull("balance", () -> update().transfer(A, null, "1")),
                BadInput.isNull("balance", () -> update().setLimits(null, Limits.none())),
                BadInput.isNull("limits", () -> update().setLimits(A, null)),
                BadInput.isNull("balance", () -> update().requireAtLeast(null, "1")),
                BadInput.isNull("balance", () -> update().requireAtMost(null, BigDecimal.ONE)),
                BadInput.isNull("register", () -> update().open((RegisterId) null, "x")),
                BadInput.isNull("register", () -> update().openIfAbsent((RegisterId) null, "x")),
                BadInput.isNull("register value", () -> update().open(STATUS, null)),
                BadInput.isNull("register", () -> update().compareAndSet(null, "x", "y")),
                BadInput.isNull("expected value", () -> update().compareAndSet(STATUS, null, "y")),
                BadInput.isNull("next value", () -> update().compareAndSet(STATUS, "x", null)),
                BadInput.isNull("register", () -> update().requireValue(null, "x")),
                BadInput.isNull("required value", () -> update().requireValue(STATUS, null)),
                BadInput.isNull("journal", () -> update().open((JournalId) null)),
                BadInput.isNull("journal", () -> update().openIfAbsent((JournalId) null)),
                BadInput.isNull("journal", () -> update().append(null, "x")),
                BadInput.isNull("payload", () -> update().append(LOG, null)),
                BadInput.isNull("cell", () -> update().close(null)),
                BadInput.isNull("cell", () -> update().reopen(null)),
                BadInput.isNull("cell", () -> update().requireOpen(null)),
                BadInput.isNull("cell", () -> update().requireVersion(null, 1)),
                BadInput.isNull("metadata", () -> update().metadata(null)),
                BadInput.isNull("effectiveAt", () -> update().effectiveAt(null)),
                BadInput.isNull("receipt", () -> Update.reversalOf("k", null)),
                BadInput.isNull("decline message", () -> new Decline("CODE", null)));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void a_null_is_refused_by_name(BadInput bad) {
        bad.refused();
    }

    private static final Map<String, Consumer<String>> TEXTS = Map.of(
            "register value", text -> update().open(STATUS, text),
            "expected value", text -> update().compareAndSet(STATUS, text, ""),
            "next value", text -> update().compareAndSet(STATUS, "", text),
            "required value", text -> update().requireValue(STATUS, text),
            "payload", text -> update().append(LOG, text),
            "metadata", text -> update().metadata(text),
            "decline message", text -> new Decline("CODE", text));

    static Stream<BadInput> badTexts() {
        List<BadInput> cases = new ArrayList<>();
        TEXTS.forEach((field, use) -> {
            cases.add(BadInput.of(field + " with NUL", () -> use.accept(SECRET + "\0"), field, "must not contain NUL"));
            cases.add(BadInput.of(
                    field + " with a lone surrogate", () -> use.accept(SECRET + "\uD800"), field, "lone surrogate"));
            cases.add(BadInput.of(
                    field + " with a noncharacter", () -> use.accept(SECRET + "\uFFFE"), field, "noncharacter"));
            String rule = "must be at most 65536 bytes in UTF-8, has ";
            cases.add(BadInput.of(
                    field + " of one byte more", () -> use.accept(SECRET + "x".repeat(65_531)), field, rule + 65_537));
            cases.add(BadInput.of(
                    field + " of 2 bytes each", () -> use.accept("é".repeat(32_769)), field, rule + 65_538));
            cases.add(BadInput.of(
                    field + " of 3 bytes each", () -> use.accept("€".repeat(21_846)), field, rule + 65_538));
            cases.add(BadInput.of(
                    field + " of 4 bytes each", () -> use.accept("😀".repeat(16_385)), field, rule + 65_540));
        });
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("badTexts")
    void a_bad_text_is_refused_and_not_shown(BadInput bad) {
        assertThat(bad.refused()).doesNotContain(SECRET).hasSizeLessThan(120);
    }

    @Test
    void a_text_of_exactly_64_kib_is_fine() {
        TEXTS.forEach((field, use) -> {
            assertThatCode(() -> use.accept("x".repeat(65_536))).as(field).doesNotThrowAnyException();
            assertThatCode(() -> use.accept("é".repeat(32_768))).as(field).doesNotThrowAnyException();
            assertThatCode(() -> use.accept("€".repeat(21_845) + "x")).as(field).doesNotThrowAnyException();
            assertThatCode(() -> use.accept("😀".repeat(16_384))).as(field).doesNotThrowAnyException();
        });
    }

    @Test
    void texts_may_have_line_breaks_and_may_be_empty() {
        Update update = update().open(STATUS, "")
                .append(LOG, "a\n\tb")
                .append(LOG, "")
                .metadata("")
                .build();
        assertThat(update.metadata()).isEmpty();
        assertThat(update.operations()).hasSize(3);
    }

    @Test
    void a_transfer_to_the_same_balance_is_refused() {
        for (Consumer<BalanceId> transfer : List.<Consumer<BalanceId>>of(
                to -> update().transfer(A, to, "1.00"), to -> update().transfer(A, to, BigDecimal.ONE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> transfer.accept(AccountId.of("retainer", "42").balance("a", SAR)))
                    .withMessage("transfer from retainer/42:a: must go to another balance");
        }
    }

    @Test
    void a_transfer_to_another_unit_is_refused() {
        for (Unit other : List.of(Unit.of("USD", 2), Unit.of("SAR", 3))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> update().transfer(A, ACCOUNT.balance("b", other), "1.00"))
                    .withMessageStartingWith("transfer from retainer/42:a in SAR(2) to retainer/42:b in " + other)
                    .withMessageEndingWith("must be of one unit");
        }
    }

    @Test
    void a_register_is_not_set_to_what_is_expected_there() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> update().compareAndSet(STATUS, SECRET, SECRET))
                .withMessageContaining("next value: must differ from the expected one")
                .withMessageNotContaining(SECRET);
    }

    @Test
    void a_required_version_below_1_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> update().requireVersion(A, 0))
                .withMessage("required version 0: must be 1 or more");
    }

    @Test
    void an_empty_update_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> update().metadata(SECRET).build())
                .withMessage("update: must have at least one operation");
    }

    @Test
    void a_thousand_operations_are_fine_and_one_more_is_refused() {
        Update.Builder builder = update();
        for (int i = 0; i < Update.MAX_OPERATIONS; i++) {
            builder.requireOpen(A);
        }
        assertThat(builder.build().operations()).hasSize(1000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.requireOpen(A))
                .withMessage("update: must have at most 1000 operations");
        assertThat(builder.build().operations()).hasSize(1000);
    }

    @Test
    void a_transfer_that_does_not_fit_leaves_no_half_behind() {
        Update.Builder builder = update();
        for (int i = 0; i < Update.MAX_OPERATIONS - 1; i++) {
            builder.requireOpen(A);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.transfer(A, B, "1.00"))
                .withMessage("update: must have at most 1000 operations");
        assertThat(builder.build().operations())
                .hasSize(999)
                .noneMatch(operation -> operation instanceof Operation.Increment);
    }

    @Test
    void a_builder_that_goes_on_does_not_change_what_it_built() {
        Update.Builder builder = update().add(A, "1.00").reference("first");
        Update first = builder.build();
        Update second = builder.take(A, "1.00").reference("second").balanced().build();
        assertThat(first.operations()).hasSize(1);
        assertThat(first.reference()).isEqualTo("first");
        assertThat(first.balanced()).isFalse();
        assertThat(second.operations()).hasSize(2);
        assertThat(second.reference()).isEqualTo("second");
        assertThat(second.balanced()).isTrue();
    }

    @Test
    void a_refused_step_leaves_the_builder_as_it_was() {
        Update.Builder builder = update().add(A, "1.00");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add(B, "1.001"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.transfer(A, A, "1.00"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.reference(" "));
        assertThat(builder.build().operations()).hasSize(1);
        assertThat(builder.build().reference()).isNull();
    }

    @Test
    void the_operations_of_an_update_cannot_be_changed() {
        Update update = update().add(A, "1.00").build();
        assertThatCode(() -> update.operations().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void an_update_says_nothing_of_amounts_and_payloads_in_its_text() {
        Update update = update().add(A, "98765.00")
                .append(LOG, SECRET)
                .metadata(SECRET)
                .force(SECRET)
                .build();
        assertThat(update.toString()).isEqualTo("Update[key=k, operations=2]");
    }

    @Test
    void an_update_of_transfers_only_is_balanced_by_itself() {
        assertThat(update().transfer(A, B, "1.00").build().balanced()).isTrue();
        assertThat(update().transfer(A, B, "1.00")
                        .append(LOG, "x")
                        .requireAtLeast(A, "0")
                        .open(ACCOUNT.balance("c", SAR))
                        .build()
                        .balanced())
                .isTrue();
        assertThat(update().transfer(A, B, "1.00").add(A, "1.00").build().balanced())
                .isFalse();
        assertThat(update().take(A, "1.00").add(B, "1.00").build().balanced()).isFalse();
        assertThat(update().append(LOG, "x").build().balanced()).isFalse();
    }

    @Test
    void a_balanced_update_must_sum_to_zero_in_each_unit() {
        BalanceId usd = ACCOUNT.balance("usd", Unit.of("USD", 2));
        assertThat(update().take(A, "1.00").add(B, "1.00").balanced().build().balanced())
                .isTrue();
        assertThat(update().open(A, "1.00", Limits.none())
                        .take(B, "1.00")
                        .balanced()
                        .build()
                        .balanced())
                .isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> update().take(A, "98765.00")
                        .add(usd, "98765.00")
                        .balanced()
                        .build())
                .withMessageMatching("balanced update: the amounts in (SAR|USD)\\(2\\) must sum to zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> update().openIfAbsent(A, "1.00", Limits.none())
                        .take(B, "1.00")
                        .balanced()
                        .build())
                .withMessageContaining("the first amount of openIfAbsent must be zero");
        assertThat(update().append(LOG, "x").balanced().build().balanced()).isTrue();
    }

    @Test
    void an_effective_time_is_cut_to_microseconds_and_lies_in_the_years_1_to_9999() {
        Instant cut = Instant.parse("2024-02-29T12:00:00.123456Z");
        assertThat(update().effectiveAt(cut.plusNanos(789))
                        .requireOpen(A)
                        .build()
                        .effectiveAt())
                .isEqualTo(cut);
        for (String fine :
                List.of("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999999Z")) {
            assertThatCode(() -> update().effectiveAt(Instant.parse(fine)))
                    .as(fine)
                    .doesNotThrowAnyException();
        }
        for (Instant bad : List.of(
                Instant.MIN,
                Instant.MAX,
                Instant.parse("0000-12-31T23:59:59.999999999Z"),
                Instant.parse("+10000-01-01T00:00:00Z"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> update().effectiveAt(bad))
                    .withMessage("effectiveAt: must lie in the years 1 to 9999");
        }
    }

    private static Receipt receipt(Key key, ReceiptEntry... entries) {
        return new Receipt(key, Instant.EPOCH, null, null, null, null, List.of(entries));
    }

    private static ReceiptEntry moved(BalanceId cell, EntryType type, String delta) {
        return new ReceiptEntry.OfBalance(0, cell, type, 1, new BigDecimal(delta), new BigDecimal(delta));
    }

    @Test
    void a_reversal_has_the_opposite_increments_in_reverse_order() {
        Receipt receipt = receipt(
                Key.of("paid"),
                moved(A, EntryType.OPEN, "5.00"),
                moved(A, EntryType.SET_LIMITS, "0.00"),
                new ReceiptEntry.OfJournal(1, LOG, EntryType.APPEND, 2, 1),
                moved(B, EntryType.INCREMENT, "-3.00"));
        Update reversal = Update.reversalOf("back", receipt).build();
        assertThat(reversal.reverses()).isEqualTo(Key.of("paid"));
        assertThat(reversal.operations())
                .containsExactly(
                        new Operation.Increment(B, new BigDecimal("3.00")),
                        new Operation.Increment(A, new BigDecimal("-5.00")));
    }

    @Test
    void a_reversal_takes_no_other_money_and_needs_some() {
        Receipt receipt = receipt(Key.of("paid"), moved(A, EntryType.INCREMENT, "5.00"));
        List<Consumer<Update.Builder>> moving = List.of(
                u -> u.add(A, "1.00"),
                u -> u.take(A, "1.00"),
                u -> u.increment(A, "1.00"),
                u -> u.transfer(A, B, "1.00"),
                u -> u.open(B, "1.00", Limits.none()),
                u -> u.openIfAbsent(B, "1.00", Limits.none()));
        for (Consumer<Update.Builder> move : moving) {
            Update.Builder reversal = Update.reversalOf("back", receipt);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> move.accept(reversal))
                    .withMessage("reversal: operations that move money cannot be added");
            assertThat(reversal.build().operations()).hasSize(1);
        }
        Update more = Update.reversalOf("back", receipt)
                .compareAndSet(STATUS, "PAID", "OPEN")
                .append(LOG, "reversed")
                .requireOpen(B)
                .build();
        assertThat(more.operations()).hasSize(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Update.reversalOf("back", receipt(Key.of("noted"))))
                .withMessageStartingWith("receipt: the update moved no money");
    }

    @Test
    void a_receipt_without_a_key_is_refused_since_its_reversal_would_not_be_one() {
        assertThatNullPointerException()
                .isThrownBy(() -> receipt(null, moved(A, EntryType.INCREMENT, "5.00")))
                .withMessage("key");
    }

    @Test
    void equal_amounts_make_equal_operations_whatever_their_scale() {
        Operation one = update().add(A, "800.0").build().operations().get(0);
        Operation two =
                update().add(A, new BigDecimal("8E+2")).build().operations().get(0);
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        Limits limits = Limits.between("-100.0", "1000");
        Limits same = new Limits(new BigDecimal("-1E+2"), new BigDecimal("1000.000"));
        assertThat(limits).isEqualTo(same).hasSameHashCodeAs(same).hasToString("[-100, 1000]");
    }
}

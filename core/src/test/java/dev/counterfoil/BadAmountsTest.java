package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to hand in an amount, with every bad amount. The bad ones hold 9876, which no message may show. */
class BadAmountsTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId SAR = ACCOUNT.balance("available", Unit.of("SAR", 2));
    private static final BalanceId OTHER = ACCOUNT.balance("reserved", Unit.of("SAR", 2));
    private static final BalanceId COUNT = ACCOUNT.balance("attempts", Unit.of("attempts", 0));
    private static final BalanceId COUNT2 = ACCOUNT.balance("failures", Unit.of("attempts", 0));
    private static final BalanceId FINE = ACCOUNT.balance("wei", Unit.of("ETH", 18));

    /** A place where amounts come in as {@code T}; {@code field} is its name in messages. */
    private record Entrance<T>(String name, String field, Consumer<T> use) {}

    private static Update.Builder update() {
        return Update.of("k");
    }

    private static final List<Entrance<String>> TEXTS = List.of(
            new Entrance<>("open", "first amount", t -> update().open(SAR, t, Limits.none())),
            new Entrance<>("openIfAbsent", "first amount", t -> update().openIfAbsent(SAR, t, Limits.none())),
            new Entrance<>("increment", "amount", t -> update().increment(SAR, t)),
            new Entrance<>("add", "amount", t -> update().add(SAR, t)),
            new Entrance<>("take", "amount", t -> update().take(SAR, t)),
            new Entrance<>("transfer", "amount", t -> update().transfer(SAR, OTHER, t)),
            new Entrance<>("requireAtLeast", "required amount", t -> update().requireAtLeast(SAR, t)),
            new Entrance<>("requireAtMost", "required amount", t -> update().requireAtMost(SAR, t)),
            new Entrance<>("allocate", "amount", t -> SAR.unit().allocate(t, 1, 1)),
            new Entrance<>("limits at least", "minimum", t -> update().setLimits(SAR, Limits.atLeast(t))),
            new Entrance<>("limits at most", "maximum", t -> update().setLimits(SAR, Limits.atMost(t))),
            new Entrance<>(
                    "limits between, least",
                    "minimum",
                    t -> update().setLimits(SAR, Limits.between(t, "9".repeat(38)))),
            new Entrance<>("limits between, most", "maximum", t -> update().setLimits(SAR, Limits.between("-9", t))),
            new Entrance<>("limits of open", "maximum", t -> update().open(SAR, "0", Limits.atMost(t))),
            new Entrance<>(
                    "limits of openIfAbsent", "minimum", t -> update().openIfAbsent(SAR, "0", Limits.atLeast(t))));

    private static final List<Entrance<BigDecimal>> DECIMALS = List.of(
            new Entrance<>("open", "first amount", a -> update().open(SAR, a, Limits.none())),
            new Entrance<>("openIfAbsent", "first amount", a -> update().openIfAbsent(SAR, a, Limits.none())),
            new Entrance<>("increment", "amount", a -> update().increment(SAR, a)),
            new Entrance<>("add", "amount", a -> update().add(SAR, a)),
            new Entrance<>("take", "amount", a -> update().take(SAR, a)),
            new Entrance<>("transfer", "amount", a -> update().transfer(SAR, OTHER, a)),
            new Entrance<>("requireAtLeast", "required amount", a -> update().requireAtLeast(SAR, a)),
            new Entrance<>("requireAtMost", "required amount", a -> update().requireAtMost(SAR, a)),
            new Entrance<>("allocate", "amount", a -> SAR.unit().allocate(a, 1, 1)),
            new Entrance<>("limits, minimum", "minimum", a -> update().setLimits(SAR, new Limits(a, null))),
            new Entrance<>("limits, maximum", "maximum", a -> update().setLimits(SAR, new Limits(null, a))),
            new Entrance<>(
                    "operation",
                    "amount",
                    a -> assertThat(new Operation.Increment(SAR, a)).isNotNull()));

    private static final List<String> NOT_PLAIN = List.of(
            "",
            " ",
            "-",
            ".",
            "+",
            "-.",
            "98761E3",
            "98761e3",
            "98761E+3",
            "1E-98760000",
            "9876E100000000",
            "+98765",
            "--98765",
            "-+98765",
            "98765-",
            " 98765",
            "98765 ",
            "98765\n",
            "98765\u0000",
            "98765\u00A0",
            "98 765",
            "98,765",
            "98_765",
            "98765.",
            ".98765",
            "98.76.5",
            "-.98765",
            "0x9876",
            "98765d",
            "98765F",
            "NaN",
            "Infinity",
            "9876١٢",
            "١٢",
            "١٢٫٥٠",
            "１２",
            "9876５",
            "९८७६",
            "𝟗𝟖𝟕𝟔",
            "98765\uD800",
            "−98765",
            "$98765");

    private static Map<String, BigDecimal> badDecimals() {
        Map<String, BigDecimal> bad = new LinkedHashMap<>();
        bad.put("more scale", new BigDecimal("98.765"));
        bad.put("more scale, negative", new BigDecimal("-98.765"));
        bad.put("39 digits", new BigDecimal("9876".repeat(10).substring(1)));
        bad.put("39 digits at the unit's scale", new BigDecimal("9876".repeat(9) + "1"));
        bad.put("39 digits with exponent", new BigDecimal("9876E+35"));
        bad.put("1E+100000000", new BigDecimal("1E+100000000"));
        bad.put("-1E+100000000", new BigDecimal("-1E+100000000"));
        bad.put("1E-100000000", new BigDecimal("1E-100000000"));
        bad.put("1E+2147483647", BigDecimal.valueOf(1, -Integer.MAX_VALUE));
        bad.put("1E+2147483648", BigDecimal.valueOf(1, Integer.MIN_VALUE));
        bad.put("10E+2147483648", BigDecimal.valueOf(10, Integer.MIN_VALUE));
        bad.put("100E+2147483647", BigDecimal.valueOf(100, -Integer.MAX_VALUE));
        bad.put("1E-2147483647", BigDecimal.valueOf(1, Integer.MAX_VALUE));
        bad.put("10E-2147483647", BigDecimal.valueOf(10, Integer.MAX_VALUE));
        bad.put("four million bits", new BigDecimal(BigInteger.ONE.shiftLeft(4_000_000)));
        bad.put("four million bits behind the point", new BigDecimal(BigInteger.ONE.shiftLeft(4_000_000), 1_300_000));
        bad.put("a million zeros", new BigDecimal(BigInteger.TEN.pow(1_000_000), 1_000_000));
        return bad;
    }

    static Stream<BadInput> badAmounts() {
        List<BadInput> cases = new ArrayList<>();
        for (Entrance<String> in : TEXTS) {
            cases.add(BadInput.isNull(in.field(), () -> in.use().accept(null)));
            for (String text : NOT_PLAIN) {
                cases.add(BadInput.of(
                        in.name() + " text", () -> in.use().accept(text), in.field(), "must be a plain decimal"));
            }
            cases.add(bad(in, "98.765", "decimal places"));
            cases.add(bad(in, "0.00000000000000000000000000000000000000009876", "has more"));
            cases.add(bad(in, "9876".repeat(9) + "1", "has more than 38 digits"));
            cases.add(bad(in, "9876".repeat(9) + "10", "has more than 38 digits"));
            cases.add(bad(in, "9876".repeat(10), "has more than 38 digits"));
            cases.add(bad(in, "0".repeat(125) + "9876", "characters, the most is 128"));
            cases.add(bad(in, "9876".repeat(1_000_000), "characters, the most is 128"));
        }
        Map<String, BigDecimal> badDecimals = badDecimals();
        for (Entrance<BigDecimal> in : DECIMALS) {
            badDecimals.forEach((name, amount) -> cases.add(
                    BadInput.of(in.name() + " of " + name, () -> in.use().accept(amount), in.field(), "has ")));
            if (!in.name().startsWith("limits")) {
                cases.add(BadInput.isNull(in.field(), () -> in.use().accept(null)));
            }
        }
        return cases.stream();
    }

    private static BadInput bad(Entrance<String> in, String text, String rule) {
        return BadInput.of(in.name() + " text", () -> in.use().accept(text), in.field(), rule);
    }

    @ParameterizedTest
    @MethodSource("badAmounts")
    void a_bad_amount_is_refused_at_once_and_not_shown(BadInput bad) {
        String message = assertTimeoutPreemptively(Duration.ofSeconds(2), bad::refused);
        assertThat(message).doesNotContain("9876").doesNotContain("1E+1").hasSizeLessThan(160);
    }

    static Stream<BadInput> badSigns() {
        List<BadInput> cases = new ArrayList<>();
        Map<String, BiConsumer<BalanceId, String>> positive = Map.of(
                "add", (cell, text) -> update().add(cell, text),
                "take", (cell, text) -> update().take(cell, text),
                "transfer", (cell, text) -> update().transfer(cell, COUNT2, text));
        positive.forEach((name, use) -> Stream.of("-98765", "-98765.0", "0", "-0", "0.0", "-0.00")
                .forEach(text -> cases.add(BadInput.of(
                        name + " " + text, () -> use.accept(COUNT, text), "amount", "must be above zero"))));
        Map<String, Consumer<Long>> longs = Map.of(
                "add", amount -> update().add(COUNT, amount),
                "take", amount -> update().take(COUNT, amount),
                "transfer", amount -> update().transfer(COUNT, COUNT2, amount));
        longs.forEach((name, use) -> Stream.of(-98765L, 0L, Long.MIN_VALUE)
                .forEach(amount -> cases.add(
                        BadInput.of(name + " " + amount, () -> use.accept(amount), "amount", "must be above zero"))));
        Stream.of("0", "-0", "0.00", "0.000000").forEach(text -> {
            cases.add(BadInput.of(
                    "increment " + text, () -> update().increment(SAR, text), "amount", "must not be zero"));
            cases.add(BadInput.of(
                    "increment " + text,
                    () -> update().increment(SAR, new BigDecimal(text)),
                    "amount",
                    "must not be zero"));
        });
        cases.add(BadInput.of("increment 0", () -> update().increment(COUNT, 0), "amount", "must not be zero"));
        cases.add(BadInput.of(
                "increment 0E+100000000",
                () -> update().increment(SAR, new BigDecimal("0E+100000000")),
                "amount",
                "must not be zero"));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("badSigns")
    void a_zero_or_a_sign_where_none_may_be_is_refused(BadInput bad) {
        assertThat(bad.refused()).doesNotContain("9876");
    }

    @Test
    void a_long_is_refused_where_the_unit_has_a_scale() {
        Map<String, Consumer<BalanceId>> longs = Map.of(
                "open", cell -> update().open(cell, 98765, Limits.none()),
                "openIfAbsent", cell -> update().openIfAbsent(cell, 98765, Limits.none()),
                "increment", cell -> update().increment(cell, 98765),
                "add", cell -> update().add(cell, 98765),
                "take", cell -> update().take(cell, 98765),
                "transfer", cell -> update().transfer(cell, OTHER, 98765),
                "requireAtLeast", cell -> update().requireAtLeast(cell, 98765),
                "requireAtMost", cell -> update().requireAtMost(cell, 98765));
        longs.forEach((name, use) -> assertThat(
                        BadInput.of(name, () -> use.accept(SAR), "amount", "a long is for units of scale 0")
                                .refused())
                .contains("SAR")
                .doesNotContain("98765"));
        longs.forEach((name, use) -> {
            if (!name.equals("transfer")) {
                assertThatCode(() -> use.accept(COUNT)).as(name).doesNotThrowAnyException();
            }
        });
    }

    @Test
    void trailing_zeros_leading_zeros_and_big_exponents_of_decimals_are_fine() {
        BiConsumer<String, String> same = (text, expected) -> {
            BigDecimal kept = amountOf(update().increment(SAR, text).build());
            assertThat(kept).isEqualTo(new BigDecimal(expected));
            assertThat(amountOf(update().increment(SAR, new BigDecimal(text)).build()))
                    .isEqualTo(kept);
        };
        same.accept("800.0000", "800.00");
        same.accept("800", "800.00");
        same.accept("800." + "0".repeat(100), "800.00");
        same.accept("-800.10", "-800.10");
        same.accept("0".repeat(100) + "800.1", "800.10");
        same.accept("9".repeat(36) + ".99", "9".repeat(36) + ".99");
        assertThat(amountOf(update().increment(SAR, new BigDecimal("8E+2")).build()))
                .isEqualTo(new BigDecimal("800.00"));
        assertThat(amountOf(update().increment(FINE, "0.000000000000000001").build()))
                .isEqualTo(new BigDecimal("1E-18"));
        assertThat(amountOf(update().increment(COUNT, Long.MIN_VALUE).build()))
                .isEqualTo(BigDecimal.valueOf(Long.MIN_VALUE));
    }

    @Test
    void the_greatest_amount_of_a_unit_is_fine_and_the_next_is_not() {
        BigDecimal greatest = new BigDecimal("9".repeat(36) + ".99");
        assertThatCode(() -> update().add(SAR, greatest)).doesNotThrowAnyException();
        assertThatCode(() -> update().take(SAR, greatest)).doesNotThrowAnyException();
        assertThatCode(() -> update().setLimits(SAR, new Limits(greatest.negate(), greatest)))
                .doesNotThrowAnyException();
        BadInput.of("next", () -> update().add(SAR, greatest.add(new BigDecimal("0.01"))), "amount", "38 digits")
                .refused();
        assertThatCode(() -> update().add(COUNT, "9".repeat(38))).doesNotThrowAnyException();
        BadInput.of("next", () -> update().add(COUNT, "1" + "0".repeat(38)), "amount", "38 digits")
                .refused();
    }

    @Test
    void limits_the_wrong_way_round_are_refused() {
        assertThat(BadInput.of(
                                "between",
                                () -> Limits.between("98765.02", "98765.01"),
                                "limits",
                                "the minimum must not be above the maximum")
                        .refused())
                .doesNotContain("9876");
        assertThatCode(() -> Limits.between("5.0", "5.00")).doesNotThrowAnyException();
    }

    @Test
    void a_first_amount_outside_its_limits_is_refused() {
        List<Consumer<Update.Builder>> outside = List.of(
                u -> u.open(SAR, "-98765.01", Limits.nonNegative()),
                u -> u.openIfAbsent(SAR, "-98765.01", Limits.nonNegative()),
                u -> u.open(SAR, "98765.02", Limits.atMost("98765.01")),
                u -> u.open(COUNT, 98765, Limits.atLeast("98766")));
        for (Consumer<Update.Builder> open : outside) {
            assertThat(BadInput.of("outside", () -> open.accept(update()), "first amount of", "within the limits")
                            .refused())
                    .doesNotContain("9876");
        }
        BadInput.isNull("limits", () -> update().open(SAR, "1", null)).refused();
    }

    private static BigDecimal amountOf(Update update) {
        return ((Operation.Increment) update.operations().get(0)).amount();
    }
}

package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for everything that names something: accounts, cells, units, references, keys. */
class NamesTest {
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final Unit SAR = Unit.of("SAR", 2);

    private record Field(String name, int maxBytes, Consumer<String> use) {}

    private static final List<Field> FIELDS = List.of(
            new Field("account kind", 64, text -> AccountId.of(text, "42")),
            new Field("account id", 255, text -> AccountId.of("retainer", text)),
            new Field("cell name", 64, text -> ACCOUNT.balance(text, SAR)),
            new Field("cell name", 64, ACCOUNT::register),
            new Field("cell name", 64, ACCOUNT::journal),
            new Field("unit code", 16, text -> Unit.of(text, 2)),
            new Field("reference", 255, text -> Update.of("k").reference(text)),
            new Field("reason", 255, text -> Update.of("k").force(text)),
            new Field("decline code", 64, text -> new Decline(text, "no")));

    private static final Map<String, String> BAD = Map.ofEntries(
            Map.entry("", "must not be empty"),
            Map.entry(" ", "must not be blank"),
            Map.entry(" \t ", "must not be blank"),
            Map.entry("a\nb", "control characters"),
            Map.entry("a\u0000b", "control characters"),
            Map.entry("a\u007Fb", "control characters"),
            Map.entry("a\u0085b", "control characters"),
            Map.entry("a\uD800", "lone surrogate"),
            Map.entry("\uDC00a", "lone surrogate"),
            Map.entry("a\uDC00\uD800b", "lone surrogate"),
            Map.entry("a\uFFFF", "noncharacter"),
            Map.entry("a\uFDD0", "noncharacter"));

    static Stream<BadInput> badNames() {
        List<BadInput> cases = new ArrayList<>();
        for (Field field : FIELDS) {
            cases.add(BadInput.isNull(field.name(), () -> field.use().accept(null)));
            BAD.forEach((text, rule) -> cases.add(BadInput.of(
                    field.name() + " " + escaped(text), () -> field.use().accept(text), field.name(), rule)));
            // One, two, three and four bytes a character.
            for (String c : List.of("a", "é", "€", "😀")) {
                String tooLong = fill(c, field.maxBytes() + 1);
                cases.add(BadInput.of(
                        field.name() + " of too many " + c,
                        () -> field.use().accept(tooLong),
                        field.name(),
                        "at most " + field.maxBytes() + " bytes in UTF-8"));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void a_bad_name_is_refused_with_field_and_rule(BadInput bad) {
        assertThat(bad.refused()).doesNotMatch(".*\\p{Cntrl}.*").hasSizeLessThan(200);
    }

    @Test
    void a_name_of_exactly_the_most_bytes_is_fine() {
        for (Field field : FIELDS) {
            for (String c : List.of("a", "é", "€", "😀")) {
                int bytes = c.getBytes(StandardCharsets.UTF_8).length;
                String longest = c.repeat(field.maxBytes() / bytes);
                assertThatCode(() -> field.use().accept(longest)).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void names_are_kept_as_they_are() {
        assertThat(AccountId.of("عميل", " 42 é ").id()).isEqualTo(" 42 é ");
        assertThat(AccountId.of("k", "é")).as("no normalization").isNotEqualTo(AccountId.of("k", "e\u0301"));
    }

    @Test
    void a_slash_is_refused_in_a_kind_only() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccountId.of("a/b", "42"))
                .withMessage("account kind \"a/b\": must not contain '/'");
        assertThat(AccountId.of("a", "b/c")).hasToString("a/b/c");
    }

    @Test
    void the_parts_of_a_cell_must_be_there() {
        BadInput.isNull("account", () -> new BalanceId(null, "n", SAR)).refused();
        BadInput.isNull("account", () -> new RegisterId(null, "n")).refused();
        BadInput.isNull("account", () -> new JournalId(null, "n")).refused();
        BadInput.isNull("unit", () -> ACCOUNT.balance("n", null)).refused();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 19, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void a_scale_outside_0_to_18_is_refused(int scale) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Unit.of("SAR", scale))
                .withMessage("unit scale " + scale + ": must be 0 to 18");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 18})
    void the_ends_of_the_range_of_scales_are_fine(int scale) {
        assertThat(Unit.of("SAR", scale).scale()).isEqualTo(scale);
    }

    private static String fill(String c, int atLeastBytes) {
        int bytes = c.getBytes(StandardCharsets.UTF_8).length;
        return c.repeat((atLeastBytes + bytes - 1) / bytes);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(c -> escaped.append(c > ' ' && c < 127 ? "" + (char) c : String.format("\\u%04X", c)));
        return escaped.append('"').toString();
    }
}

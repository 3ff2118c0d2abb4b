package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.counterfoil.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTest {
    private static final String SECRET = "s3cret";

    static Stream<BadInput> badKeys() {
        return Stream.of(
                BadInput.isNull("key", () -> Key.of(null)),
                BadInput.isNull("key", () -> Key.of("s", null)),
                BadInput.isNull("key scope", () -> Key.of(null, "k")),
                BadInput.isNull("key", () -> Update.of((Key) null)),
                BadInput.isNull("key", () -> Update.of((String) null)),
                BadInput.of("empty", () -> Key.of(""), "key", "1 to 255 characters, has 0"),
                BadInput.of("empty in a scope", () -> Key.of(SECRET, ""), "key", "1 to 255 characters, has 0"),
                BadInput.of("blank", () -> Key.of("   "), "key", "must not be blank"),
                BadInput.of("256 long", () -> Key.of(long256()), "key", "1 to 255 characters, has 256"),
                BadInput.of("scope 256 long", () -> Key.of(long256(), "k"), "key scope", "0 to 255 characters"),
                BadInput.of("tab", () -> Key.of(SECRET + "\t"), "key", "printable ASCII, character 7"),
                BadInput.of("line feed", () -> Key.of(SECRET + "\n"), "key", "printable ASCII"),
                BadInput.of("NUL", () -> Key.of("\0" + SECRET), "key", "printable ASCII, character 1"),
                BadInput.of("DEL", () -> Key.of(SECRET + "\u007F"), "key", "printable ASCII"),
                BadInput.of("é", () -> Key.of(SECRET + "é"), "key", "printable ASCII"),
                BadInput.of("an Arabic digit", () -> Key.of(SECRET + "١"), "key", "printable ASCII"),
                BadInput.of("a lone surrogate", () -> Key.of(SECRET + "\uD800"), "key", "printable ASCII"),
                BadInput.of("é in the scope", () -> Key.of(SECRET + "é", "k"), "key scope", "printable ASCII"),
                BadInput.of("through update", () -> Update.of(SECRET + "é"), "key", "printable ASCII"));
    }

    private static String long256() {
        return SECRET + "x".repeat(250);
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void a_bad_key_is_refused_and_not_shown(BadInput bad) {
        assertThat(bad.refused()).doesNotContain(SECRET);
    }

    @Test
    void every_printable_ascii_character_and_the_full_length_are_fine() {
        StringBuilder all = new StringBuilder();
        for (char c = ' '; c <= '~'; c++) {
            all.append(c);
        }
        assertThatCode(() -> Key.of(all.toString(), all.toString())).doesNotThrowAnyException();
        assertThatCode(() -> Key.of("x".repeat(255), "x".repeat(255))).doesNotThrowAnyException();
    }

    @Test
    void keys_are_ordered_by_scope_then_value_in_binary_order() {
        List<Key> ordered = List.of(
                Key.of(" a"), Key.of("A"), Key.of("B"), Key.of("a"), Key.of("aa"), Key.of("A", "z"), Key.of("a", "a"));
        List<Key> shuffled = new ArrayList<>(ordered);
        Collections.reverse(shuffled);
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(ordered);
        for (Key key : ordered) {
            assertThat(key).isEqualByComparingTo(Key.of(key.scope(), key.value()));
        }
    }

    @Test
    void keys_that_look_alike_are_decided_apart() {
        Key one = Key.of("a|b", "c");
        Key two = Key.of("a", "b|c");
        Key three = Key.of("a|b|c");
        assertThat(one).isNotEqualTo(two).isNotEqualTo(three).doesNotHaveSameHashCodeAs(two);
        assertThat(List.of(one, two, three)).extracting(Key::toString).containsOnly("a|b|c");

        BalanceId balance = AccountId.of("retainer", "42").balance("available", Unit.of("SAR", 2));
        try (Ledger ledger = MemoryLedger.create()) {
            ledger.apply(Update.of("open").open(balance).build()).orThrow();
            for (Key key : List.of(one, two, three)) {
                assertThat(ledger.apply(Update.of(key).add(balance, "1.00").build())
                                .orThrow()
                                .replayed())
                        .isFalse();
            }
            assertThat(ledger.read(balance.account()).balance(balance)).isEqualByComparingTo("3.00");
        }
    }
}

package dev.counterfoil.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Key;
import dev.counterfoil.spi.CellAddress;
import dev.counterfoil.spi.DecisionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextsTest {
    /** The ends of every range that UTF-8 or UTF-16 treats on its own. */
    private static final int[] EDGES = {
        0x01, 'a', 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x103FF, 0x10400, 0x1F600, 0x10FFFD
    };

    @Test
    void the_binary_order_is_that_of_the_unsigned_bytes_in_utf_8() {
        long seed = new Random().nextLong();
        System.out.println("compareBinary: seed " + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 200_000; run++) {
            String a = text(random);
            String b = random.nextInt(4) == 0 ? a + text(random) : text(random);
            int expected =
                    Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(Texts.compareBinary(a, b)))
                    .as("seed %d: %s and %s", seed, a, b)
                    .isEqualTo(Integer.signum(expected));
            assertThat(Integer.signum(Texts.compareBinary(b, a))).isEqualTo(-Integer.signum(expected));
        }
    }

    @Test
    void the_length_in_utf_8_is_counted_without_encoding() {
        Random random = new Random(42);
        for (int run = 0; run < 10_000; run++) {
            String text = text(random);
            assertThat(Texts.utf8Length(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void cells_are_ordered_by_the_bytes_of_namespace_kind_id_and_name() {
        List<String> names = List.of("", "A", "a", "aa", "é", "\uE000", "😀");
        List<CellAddress> ordered = new ArrayList<>();
        for (String namespace : names) {
            for (String kind : names.subList(1, 7)) {
                for (String id : names.subList(1, 7)) {
                    for (String name : names.subList(1, 7)) {
                        ordered.add(new CellAddress(namespace, AccountId.of(kind, id), name));
                    }
                }
            }
        }
        List<CellAddress> sorted = new ArrayList<>(ordered);
        Collections.shuffle(sorted, new Random(1));
        sorted.sort(Comparator.naturalOrder());
        assertThat(sorted).isEqualTo(ordered);
    }

    @Test
    void decisions_are_ordered_by_namespace_then_key() {
        Key k = Key.of("k");
        Key l = Key.of("l");
        assertThat(List.of(
                        new DecisionId("", k), new DecisionId("", l), new DecisionId("a", k), new DecisionId("é", k)))
                .isSorted();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.appendCodePoint(random.nextInt(3) == 0 ? anyCodePoint(random) : EDGES[random.nextInt(EDGES.length)]);
        }
        return text.toString();
    }

    private static int anyCodePoint(Random random) {
        int c = 1 + random.nextInt(Character.MAX_CODE_POINT);
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c;
    }
}

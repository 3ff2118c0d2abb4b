package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.admin.Names.CellName;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class NamesTest {
    @Test
    void theFirstSlashEndsTheKind() {
        assertThat(Names.account("wallet/42")).isEqualTo(AccountId.of("wallet", "42"));
        assertThat(Names.account("odd/x/y:z")).isEqualTo(AccountId.of("odd", "x/y:z"));
    }

    @Test
    void theLastColonBeginsTheName() {
        assertThat(Names.cell("wallet/42:available", null)).isEqualTo(cell("wallet", "42", "available"));
        assertThat(Names.cell("odd/a:b:c", null)).isEqualTo(cell("odd", "a:b", "c"));
        assertThat(Names.cell("odd/x/y:z:n/m", null)).isEqualTo(cell("odd", "x/y:z", "n/m"));
        assertThat(Names.cell("a:b/1:n", null)).isEqualTo(cell("a:b", "1", "n"));
    }

    @Test
    void aNameWithAColonGoesIntoItsOption() {
        assertThat(Names.cell("odd/a", "b:c")).isEqualTo(cell("odd", "a", "b:c"));
        assertThat(Names.cell("odd/a:b", "c")).isEqualTo(cell("odd", "a:b", "c"));
    }

    @Test
    void whatIsNoNameIsRefusedWithHowToWriteOne() {
        assertThatThrownBy(() -> Names.account("wallet"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("KIND/ID");
        for (String wrong : List.of("wallet:available", "a:b/1", "wallet")) {
            assertThatThrownBy(() -> Names.cell(wrong, null))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("KIND/ID:NAME");
        }
        for (String wrong : List.of("/42:n", "wallet/:n", "wallet/42:")) {
            assertThatThrownBy(() -> Names.cell(wrong, null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** What is printed can be copied into the next command and means the same cell: no two cells are written alike. */
    @Test
    void whateverIsWrittenIsReadAsTheSameCell() {
        long seed = new Random().nextLong();
        System.out.println("NamesTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            CellName cell = cell(text(random, "a:"), text(random, "a:/"), text(random, "a:/"));
            String[] written = cell.toString().split(" --cell ", 2);
            assertThat(Names.cell(written[0], written.length == 1 ? null : written[1]))
                    .isEqualTo(cell);
        }
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static CellName cell(String kind, String id, String name) {
        return new CellName(AccountId.of(kind, id), name);
    }
}

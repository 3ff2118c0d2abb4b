package dev.counterfoil.examples.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', SQLITE",
        "Memory, '', MEMORY",
        "postgresql, '', POSTGRESQL",
        "mariadb, '', MARIADB",
        "h2, '', H2",
        "'', jdbc:postgresql://localhost/books, POSTGRESQL",
        "'', jdbc:mariadb://localhost/books, MARIADB",
        "postgresql, jdbc:postgresql:books, POSTGRESQL",
    })
    void isSaidByTheNameOrByTheUrl(String name, String url, StoreChoice expected) {
        assertThat(StoreChoice.of(name, new Login(url, "", ""))).isEqualTo(expected);
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertRefused("oracle", "", "unknown store 'oracle': known are sqlite, memory, postgresql, mariadb, h2");
        assertRefused(
                "",
                "jdbc:oracle:books",
                "unknown demo.url jdbc:oracle:books: must begin with jdbc:postgresql:, jdbc:mariadb:");
        assertRefused(
                "",
                "jdbc:sqlite:my.db",
                "unknown demo.url jdbc:sqlite:my.db: must begin with jdbc:postgresql:, jdbc:mariadb:");
    }

    @Test
    void whatContradictsItselfIsRefused() {
        assertRefused(
                "sqlite",
                "jdbc:postgresql://localhost/books?password=secret",
                "store 'sqlite' and demo.url jdbc:postgresql://localhost/books contradict each other: leave one of them"
                        + " out");
        assertThatThrownBy(() -> StoreChoice.of("postgresql", new Login("", "clerk", "")))
                .hasMessage("demo.user and demo.password belong to demo.url, which is missing");
    }

    private static void assertRefused(String name, String url, String message) {
        assertThatThrownBy(() -> StoreChoice.of(name, new Login(url, "", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.admin.Command.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables are made, checked, upgraded and printed. */
class SchemaCommandTest {
    @TempDir
    Path directory;

    @Test
    void createMakesWhatCheckThenFinds() {
        for (String url :
                List.of("jdbc:sqlite:" + directory.resolve("books.db"), "jdbc:h2:" + directory.resolve("books"))) {
            Command command = new Command("--url", url, "--prefix", "acme_");
            Result made = command.run("schema", "create");
            assertThat(made.code()).as(made.err()).isZero();
            assertThat(command.run("schema", "check").code()).isZero();
            assertThat(command.run("schema", "check", "--json")
                            .object()
                            .get("right")
                            .asBoolean())
                    .isTrue();
            assertThat(command.run("schema", "upgrade").code()).isZero();
            assertThat(command.run("schema", "create").code()).isZero();
            Result other = new Command("--url", url).run("schema", "check", "--json");
            assertThat(other.code()).isEqualTo(1);
            assertThat(other.object().get("right").asBoolean()).isFalse();
            assertThat(other.object().get("message").asText()).contains("are not there");
        }
    }

    @Test
    void tablesOfALaterVersionAreNoted() throws Exception {
        String url = TestBooks.in(directory);
        TestBooks.sql(url, "UPDATE counterfoil_meta SET value = '99' WHERE name = 'schema_version'");
        Result check = new Command("--url", url).run("schema", "check");
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).contains("schema version 99");
        assertThat(new Command("--url", url).run("show", "retainer/42").code()).isEqualTo(3);
    }

    @Test
    void whatIsPrintedMakesTheTables() throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("printed.db");
        Result printed = new Command().run("schema", "print", "sqlite", "--prefix", "acme_");
        assertThat(printed.code()).isZero();
        assertThat(printed.out()).doesNotContain("counterfoil_");
        // As the script says: empty lines separate its statements. One of SQLite's driver must not be empty.
        TestBooks.sql(
                url,
                Stream.of(printed.out().strip().split("\\R\\s*\\R"))
                        .filter(part -> !part.lines().allMatch(line -> line.startsWith("--")))
                        .toArray(String[]::new));
        assertThat(new Command("--url", url, "--prefix", "acme_")
                        .run("schema", "check")
                        .code())
                .isZero();
        assertThat(new Command()
                        .run("schema", "print", "postgresql", "--json")
                        .object()
                        .get("sql")
                        .asText())
                .contains("CREATE TABLE counterfoil_cell");
        assertThat(new Command()
                        .run("schema", "print", "h2", "--upgrade-from", "7")
                        .code())
                .isEqualTo(1);
    }
}

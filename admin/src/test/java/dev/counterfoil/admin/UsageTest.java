package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.admin.Command.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How it is called wrongly, and what it says of itself. */
class UsageTest {
    @TempDir
    Path directory;

    @Test
    void wrongCallsAreOneLineAndExitCode2() {
        String url = "jdbc:sqlite:" + directory.resolve("none.db");
        List<List<String>> calls = List.of(
                List.of(),
                List.of("frobnicate"),
                List.of("show"),
                List.of("show", "retainer/42"),
                List.of("show", "retainer", "--url", url),
                List.of("show", "retainer/", "--url", url),
                List.of("show", "retainer/42", "--url", url, "--frobnicate"),
                List.of("show", "retainer/42", "--url", "books.db"),
                List.of("show", "retainer/42", "--url", "jdbc:oracle:thin:@books"),
                List.of("show", "retainer/42", "--url", "jdbc:postgresql://localhost/x?user=me&password=secret"),
                List.of("show", "retainer/42", "--url", url, "--timeout", "soon"),
                List.of("history", "retainer/42", "--url", url),
                List.of("history", "retainer/42:a", "--url", url, "--limit", "0"),
                List.of("history", "retainer/42:a", "--url", url, "--from", "yesterday"),
                List.of("history", "retainer/42:a", "--url", url, "--type", "NOTHING"),
                List.of("schema"),
                List.of("schema", "print", "oracle"),
                List.of("schema", "print", "h2", "--prefix", "x; DROP TABLE y"));
        for (List<String> call : calls) {
            Result result = new Command().run(call.toArray(String[]::new));
            assertThat(result.code()).as(call + ": " + result.err()).isEqualTo(2);
            assertThat(result.out()).as(call.toString()).isEmpty();
            assertThat(result.err().lines()).as(call + ": " + result.err()).hasSize(1);
            assertThat(result.err())
                    .as(call.toString())
                    .startsWith("counterfoil-admin")
                    .contains("--help")
                    .doesNotContain("secret");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void helpNamesTheExitCodes() {
        for (String[] call : List.of(new String[] {"--help"}, new String[] {"show", "--help"})) {
            Result help = new Command().run(call);
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Exit codes:", "All well", "Called wrongly", "call it again just so");
        }
        assertThat(new Command().run("--version").out()).startsWith("counterfoil-admin ");
    }

    @Test
    void everyCommandHelps() {
        for (String command : List.of(
                "schema",
                "schema create",
                "schema check",
                "schema upgrade",
                "schema print",
                "verify",
                "show",
                "accounts",
                "history",
                "as-of",
                "statement",
                "trial-balance",
                "receipt",
                "correct",
                "correct restore",
                "correct accept",
                "prune")) {
            for (String option : List.of("-h", "--help")) {
                Result help = new Command().run((command + " " + option).split(" "));
                assertThat(help.code()).as(command + ": " + help.err()).isZero();
                assertThat(help.out())
                        .as(command)
                        .startsWith("Usage: counterfoil-admin " + command)
                        .contains("--help");
            }
        }
        assertThat(new Command().run("as-of", "--help").out()).contains("--version=N");
    }

    @Test
    void aMistypedFileIsNotMade() {
        Result result =
                new Command().run("show", "retainer/42", "--url", "jdbc:sqlite:" + directory.resolve("typo.db"));
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("there is no file");
        Result h2 = new Command().run("show", "retainer/42", "--url", "jdbc:h2:" + directory.resolve("typo"));
        assertThat(h2.code()).isEqualTo(3);
        assertThat(h2.err().lines()).hasSize(1);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aFaultIsOneLineAndWithDebugAStackTrace() throws IOException {
        Path file = Files.writeString(
                directory.resolve("books.db"), "this is no database, whatever its name says".repeat(50));
        Command command = new Command("--url", "jdbc:sqlite:" + file);
        Result result = command.run("show", "retainer/42");
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains("not an SQLite database");
        assertThat(command.run("show", "retainer/42", "--debug").err()).contains("\tat dev.counterfoil");
    }

    @Test
    void theUrlMayComeFromTheEnvironment() {
        String url = TestBooks.in(directory);
        assertThat(new Command()
                        .with("COUNTERFOIL_URL", url)
                        .run("accounts", "office")
                        .lines())
                .containsExactly("office/main");
    }
}

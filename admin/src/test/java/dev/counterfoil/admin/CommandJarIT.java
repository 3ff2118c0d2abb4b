package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar as an operator starts it. */
@Timeout(120)
class CommandJarIT {
    private static final Path JAR = Path.of("target", "counterfoil-admin.jar").toAbsolutePath();

    @TempDir
    Path directory;

    private record Ended(int code, String out, String err) {}

    private Ended start(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.write(directory.resolve("in"), new byte[0]).toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // Names beyond ASCII come out right even so.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    @Test
    void itSaysItsVersion() throws Exception {
        Ended version = start("--version");
        assertThat(version.code()).isZero();
        assertThat(version.out()).matches("counterfoil-admin [0-9]+\\.[0-9]+\\.[0-9]+.*\\R");
        assertThat(version.err()).isEmpty();
    }

    @Test
    void itMakesBooksAndFindsNothingWrongWithThem() throws Exception {
        String url = "jdbc:sqlite:books.db";
        Ended made = start("schema", "create", "--url", url);
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.err()).isEmpty();
        Ended none = start("show", "retainer/42", "--url", url);
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("has no cells").hasLineCount(1);
    }

    @Test
    void itReachesEveryDatabaseWithADriverOfItsOwn() throws Exception {
        Ended h2 = start("schema", "create", "--url", "jdbc:h2:./books");
        assertThat(h2.code()).as(h2.err()).isZero();
        for (String url : List.of("jdbc:postgresql://localhost:1/books", "jdbc:mariadb://localhost:1/books")) {
            Ended refused = start("show", "retainer/42", "--url", url, "--timeout", "1s");
            assertThat(refused.code()).as(refused.err()).isEqualTo(3);
            assertThat(refused.err()).hasLineCount(1).containsIgnoringCase("connect");
        }
    }

    @Test
    void itHoldsTheLicencesOfWhatIsInside() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            assertThat(names)
                    .doesNotHaveDuplicates()
                    .contains(
                            "META-INF/LICENSE",
                            "META-INF/THIRD-PARTY",
                            "META-INF/third-party/postgresql-jar/META-INF/LICENSE",
                            "META-INF/third-party/jackson-core-jar/META-INF/NOTICE",
                            "META-INF/third-party/sqlite-jdbc-jar/META-INF/maven/org.xerial/sqlite-jdbc/LICENSE")
                    .noneMatch(name -> name.endsWith("module-info.class") || name.endsWith(".SF"));
            String drivers = new String(
                    jar.getInputStream(jar.getEntry("META-INF/services/java.sql.Driver"))
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(drivers.lines())
                    .contains("org.postgresql.Driver", "org.mariadb.jdbc.Driver", "org.sqlite.JDBC", "org.h2.Driver");
        }
    }
}

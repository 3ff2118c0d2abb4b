package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name as proof is there. */
class DocsNameTestsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))(?:#(\\w+))?`");

    @Test
    void everyTestThatADocumentNamesIsThere() throws IOException {
        Map<String, Path> sources = sources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path document : files(ROOT.resolve("docs"), ".md")) {
            for (MatchResult name :
                    NAMED.matcher(Files.readString(document)).results().toList()) {
                named++;
                Path source = sources.get(name.group(1));
                boolean there = source != null
                        && (name.group(2) == null || Files.readString(source).contains("void " + name.group(2) + "("));
                if (!there) {
                    missing.add(document.getFileName() + ": " + name.group());
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).as("names found").isGreaterThan(100);
    }

    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> sources = new LinkedHashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module :
                    modules.filter(path -> Files.exists(path.resolve("src"))).toList()) {
                for (Path source : files(module.resolve("src"), ".java")) {
                    sources.put(source.getFileName().toString().replace(".java", ""), source);
                }
            }
        }
        return sources;
    }

    private static List<Path> files(Path directory, String ending) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(path -> path.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.counterfoil.benchmarks.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@code docs/retry.md} says what the tests beside this one say. */
class RetryDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "retry.md");
    private static final Path RECIPES =
            Path.of("src", "test", "java", "dev", "counterfoil", "benchmarks", "retry", "RecipesTest.java");
    private static final Pattern BLOCK =
            Pattern.compile("<!-- RecipesTest: (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RECIPE = Pattern.compile("// begin: (\\w+)\n(.*?) *// end\n", Pattern.DOTALL);

    @Test
    void itsCodeIsTheCodeOfTheRecipes() throws IOException {
        String document = Files.readString(DOCUMENT);
        Map<String, String> recipes = found(RECIPE, Files.readString(RECIPES));
        recipes.replaceAll((name, code) -> code.stripTrailing().stripIndent() + "\n");
        assertThat(found(BLOCK, document)).containsExactlyInAnyOrderEntriesOf(recipes);
        assertThat(document.split("```java", -1)).as("no other code").hasSize(recipes.size() + 1);
    }

    @Test
    void itsTableHasARowForEveryNestedClassWithATestForEveryLibrary() throws IOException {
        List<String> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| **"))
                .map(line -> line.substring("| **".length(), line.indexOf("** |")))
                .toList();
        List<Class<?>> tested = Stream.of(WhatIsRetriedTest.class, HowLongItWaitsTest.class, HowItEndsTest.class)
                .flatMap(group -> Arrays.stream(group.getDeclaredClasses()))
                .<Class<?>>map(row -> row)
                .filter(row -> row.isAnnotationPresent(Nested.class))
                .toList();
        assertThat(tested)
                .extracting(row -> row.getAnnotation(DisplayName.class).value())
                .containsExactlyInAnyOrderElementsOf(rows);
        for (Class<?> row : tested) {
            assertThat(Arrays.stream(row.getDeclaredMethods())
                            .filter(method -> method.isAnnotationPresent(Test.class))
                            .map(Method::getName))
                    .as("%s", row)
                    .containsExactlyInAnyOrder(
                            "counterfoil", "resilience4j", "failsafe", "springCore", "springRetry", "guavaRetrying");
        }
    }

    private static Map<String, String> found(Pattern pattern, String text) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.put(matcher.group(1), matcher.group(2));
        }
        return found;
    }
}

package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.SchemaException;
import dev.counterfoil.jdbc.dialect.Dialect;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The shipped scripts of a database: their names, and their statements with the prefix that was asked for. */
final class Scripts {
    private final Dialect dialect;
    private final String prefix;

    Scripts(Dialect dialect, String prefix) {
        this.dialect = dialect;
        this.prefix = prefix;
    }

    /** The statements that make all tables of a version. */
    List<String> making(int version) {
        return statements(making(Integer.toString(version)));
    }

    /** The statements that lead from a version to the next. */
    List<String> step(int from) {
        return statements(stepName(from));
    }

    /** What to run to make all tables of a version. */
    String toMake(int version) {
        return folder() + making(Integer.toString(version)) + " from the jar of counterfoil-jdbc";
    }

    /** What to run, in which order, to come from a version to a later one. */
    String toUpgrade(int from, int to) {
        return IntStream.range(from, to).mapToObj(Scripts::stepName).collect(Collectors.joining(", then "))
                + (to - from == 1 ? " from " : ", from ") + folder() + " in the jar of counterfoil-jdbc";
    }

    private static String making(String version) {
        return "counterfoil-" + version + ".sql";
    }

    private static String stepName(int from) {
        return "counterfoil-" + from + "-to-" + (from + 1) + ".sql";
    }

    private String folder() {
        return "dev/counterfoil/jdbc/schema/" + dialect.schemaFolder() + "/";
    }

    /** Empty lines separate them. */
    private List<String> statements(String name) {
        String text = dialect.script(name);
        if (text == null) {
            throw new SchemaException("there is no script " + folder() + name, null);
        }
        return Stream.of(text.replace(Schema.DEFAULT_PREFIX, prefix).strip().split("\\R\\s*\\R"))
                .filter(part -> !part.lines().allMatch(line -> line.startsWith("--")))
                .toList();
    }
}

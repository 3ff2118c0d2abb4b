package dev.counterfoil.micrometer;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Prometheus gets when it asks: lines of names, labels and values. */
final class Scrape {
    private static final Pattern LINE = Pattern.compile("(\\w+)(\\{(.*)\\})? (\\S+)");

    private final List<Line> lines;

    private record Line(String name, String labels, double value) {}

    private Scrape(List<Line> lines) {
        this.lines = lines;
    }

    static Scrape of(PrometheusMeterRegistry registry) {
        return new Scrape(registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new Line(
                        line.group(1), line.group(3) == null ? "" : line.group(3), Double.parseDouble(line.group(4))))
                .toList());
    }

    Set<String> names() {
        return lines.stream().map(Line::name).collect(Collectors.toSet());
    }

    String labels() {
        return lines.stream().map(Line::labels).distinct().collect(Collectors.joining("\n"));
    }

    /** The sum of the series of a name that have all of these labels, each as in {@code outcome="applied"}. */
    double sum(String name, String... labels) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .filter(line -> Arrays.stream(labels).allMatch(line.labels()::contains))
                .mapToDouble(Line::value)
                .sum();
    }
}

package dev.counterfoil.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One page with all figures and their charts, which needs nothing but itself. */
public final class HtmlReport {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; color: #1c1c1c; background: #fff; max-width: 72rem;
              margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid #ddd;
              padding-top: 1rem }
            h3 { font-size: 1rem; margin-bottom: 0 }
            table { border-collapse: collapse; margin: .5rem 0 1.5rem } td, th { padding: .2rem .8rem; text-align: left;
              border-bottom: 1px solid #e4e4e4 } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
            tr.ours td { font-weight: 600 } svg { max-width: 720px; width: 100%; display: block }
            svg text { font: 12px system-ui, sans-serif; fill: #333 } svg .grid { stroke: #e4e4e4 }
            .void { background: #b00020; color: #fff; padding: 1rem; font-weight: 600 }
            """;
    private static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9");

    private final Results results;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(Results results) {
        this.results = results;
    }

    /** Writes it. */
    public static void write(Results results, Path file) throws IOException {
        Files.writeString(file, new HtmlReport(results).page());
    }

    private String page() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>Counterfoil: what it costs</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Counterfoil: what it costs</h1>\n");
        verdict();
        about();
        for (String suite : suites()) {
            page.append("<h2>").append(escape(suite)).append("</h2>\n");
            List<Row> rows = results.rows().stream()
                    .filter(row -> row.suite().equals(suite))
                    .toList();
            charts(rows);
            tables(rows);
        }
        notes();
        return page.append("</body></html>\n").toString();
    }

    private void verdict() {
        if (!results.isVoid()) {
            page.append("<p>The books of all subjects agree with what their callers were told.</p>\n");
            return;
        }
        page.append("<div class=\"void\">VOID: these figures must not be used.<ul>");
        results.faults()
                .forEach(fault -> page.append("<li>").append(escape(fault)).append("</li>"));
        page.append("</ul></div>\n");
    }

    private void about() {
        page.append("<table>");
        results.run()
                .forEach((what, value) -> page.append("<tr><td>")
                        .append(escape(what))
                        .append("</td><td>")
                        .append(escape(value))
                        .append("</td></tr>\n"));
        page.append(
                "</table>\n<p>A ratio is that to the peer named beside it: for rates more is better, for times less."
                        + " In brackets the lowest and the highest round (applyEach: quartiles of the batches)."
                        + " The scales of the charts are logarithmic.</p>\n");
    }

    private Set<String> suites() {
        Set<String> suites = new LinkedHashSet<>();
        results.rows().forEach(row -> suites.add(row.suite()));
        return suites;
    }

    private void charts(List<Row> rows) {
        chart(rows, "throughput");
        chart(rows, "cost");
        Set<String> cases = new LinkedHashSet<>();
        rows.forEach(row -> cases.add(row.name()));
        for (String name : cases) {
            Chart latencies = new Chart("ms");
            rows.stream()
                    .filter(row -> row.name().equals(name) && PERCENTILES.contains(row.metric()))
                    .forEach(row -> latencies.add(row.subject(), row.metric(), row.value()));
            if (!latencies.isEmpty()) {
                page.append("<h3>Latency, ")
                        .append(escape(name))
                        .append("</h3>\n")
                        .append(latencies.svg());
            }
        }
    }

    private void chart(List<Row> rows, String metric) {
        List<Row> some = rows.stream()
                .filter(row -> row.metric().equals(metric) && !row.name().startsWith("half"))
                .sorted(Comparator.comparingDouble(Row::at))
                .toList();
        if (some.stream().mapToDouble(Row::at).distinct().count() < 2) {
            return;
        }
        String suite = some.get(0).suite();
        boolean processes = suite.contains("processes");
        Chart chart = new Chart(some.get(0).unit());
        for (Row row : some) {
            chart.add(
                    metric.equals("cost") || processes ? "Counterfoil" : row.subject(),
                    String.format(Locale.ROOT, "%,.0f", row.at()),
                    row.value());
        }
        String against = processes ? "processes" : suite.startsWith("memory") ? "threads" : "callers";
        page.append("<h3>")
                .append(
                        metric.equals("cost")
                                ? "Cost of a transfer against earlier entries"
                                : "Throughput against " + against)
                .append("</h3>\n")
                .append(chart.svg());
    }

    private void tables(List<Row> rows) {
        page.append("<table><tr><th>case</th><th>subject</th><th>figure</th><th class=\"n\">value</th><th>unit</th>"
                + "<th>rounds</th><th class=\"n\">ratio</th><th>to</th></tr>\n");
        for (Row row : rows) {
            page.append(row.subject().startsWith("Counterfoil") ? "<tr class=\"ours\">" : "<tr>");
            cell(row.name(), false);
            cell(row.subject(), false);
            cell(row.metric(), false);
            cell(Results.figure(row.value()), true);
            cell(row.unit(), false);
            cell(
                    row.spread() == null
                            ? ""
                            : "(" + Results.figure(row.spread().get(0)) + " to "
                                    + Results.figure(row.spread().get(1)) + ")",
                    false);
            cell(row.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f", row.ratio()), true);
            cell(row.peer() == null ? "" : row.peer(), false);
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }

    private void cell(String text, boolean number) {
        page.append(number ? "<td class=\"n\">" : "<td>").append(escape(text)).append("</td>");
    }

    private void notes() {
        page.append("<h2>What else was seen</h2>\n<ul>");
        results.notes().forEach(note -> page.append("<li>").append(escape(note)).append("</li>\n"));
        page.append("</ul>\n");
    }

    /** A text that shows itself in a page. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

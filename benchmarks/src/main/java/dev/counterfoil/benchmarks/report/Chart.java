package dev.counterfoil.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines over points that stand at equal distances, on a logarithmic scale, as SVG. */
final class Chart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 320;
    private static final int LEFT = 70;
    private static final int TOP = 16;
    private static final int BOTTOM = 40;
    private static final int RIGHT = 230;
    private static final List<String> COLOURS =
            List.of("#0b6e4f", "#c1440e", "#1f5fa8", "#8a5a00", "#7a2f8f", "#555555", "#b0124b", "#2b8a9e");

    private record Point(String at, double value) {}

    private final String unit;
    private final List<String> places = new ArrayList<>();
    private final Map<String, List<Point>> lines = new LinkedHashMap<>();

    /** An empty one, whose values have a unit. */
    Chart(String unit) {
        this.unit = unit;
    }

    void add(String line, String at, double value) {
        if (!places.contains(at)) {
            places.add(at);
        }
        lines.computeIfAbsent(line, unused -> new ArrayList<>()).add(new Point(at, value));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    String svg() {
        double low = Double.MAX_VALUE;
        double high = 0;
        for (List<Point> points : lines.values()) {
            for (Point point : points) {
                low = Math.min(low, Math.max(point.value(), 1e-6));
                high = Math.max(high, Math.max(point.value(), 1e-6));
            }
        }
        double from = Math.log10(low) - 0.1;
        double to = Math.log10(high) + 0.1;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH,
                HEIGHT,
                HtmlReport.escape(unit + ": " + String.join(", ", lines.keySet()))));
        for (double value : ticks(from, to)) {
            double y = y(value, from, to);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    label(value)));
        }
        for (String place : places) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x(place),
                    HEIGHT - BOTTOM + 18,
                    HtmlReport.escape(place)));
        }
        svg.append(String.format("<text x=\"%d\" y=\"%d\">%s</text>%n", 4, TOP - 4, HtmlReport.escape(unit)));
        int colour = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            draw(svg, line.getKey(), line.getValue(), colour++, from, to);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, String name, List<Point> points, int number, double from, double to) {
        String colour = COLOURS.get(number % COLOURS.size());
        StringBuilder path = new StringBuilder();
        StringBuilder dots = new StringBuilder();
        for (Point point : points) {
            double x = x(point.at());
            double y = y(point.value(), from, to);
            path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            dots.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"><title>%s, %s: %s %s</title></circle>",
                    x,
                    y,
                    colour,
                    HtmlReport.escape(name),
                    HtmlReport.escape(point.at()),
                    Results.figure(point.value()),
                    HtmlReport.escape(unit)));
        }
        svg.append(String.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%s", path, colour, dots));
        int y = TOP + 12 + 20 * number;
        svg.append(String.format(
                "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>%n",
                WIDTH - RIGHT + 16, y - 10, colour, WIDTH - RIGHT + 34, y, HtmlReport.escape(name)));
    }

    /** 1, 2 and 5 of each power of ten; only the powers where there are many. */
    private static List<Double> ticks(double from, double to) {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(from); power <= Math.ceil(to); power++) {
            for (int digit : to - from > 2.5 ? new int[] {1} : new int[] {1, 2, 5}) {
                double value = digit * Math.pow(10, power);
                if (Math.log10(value) >= from && Math.log10(value) <= to) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }

    private static String label(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.3g", value);
    }

    private double x(String place) {
        double step = (WIDTH - LEFT - RIGHT) / (double) places.size();
        return LEFT + step * (places.indexOf(place) + 0.5);
    }

    private static double y(double value, double from, double to) {
        double share = (Math.log10(Math.max(value, 1e-6)) - from) / (to - from);
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
    }
}

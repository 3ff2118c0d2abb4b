package dev.counterfoil.examples.harness;

import dev.counterfoil.Verification;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the table of the scenarios, row by row, within 110 columns. */
public final class Report {
    private static final int[] WIDTHS = {2, 13, 27, 26, 26, 6};
    private static final String GAP = "  ";
    private static final long NANOS_BETWEEN_PROGRESS = 5_000_000_000L;

    private volatile PrintStream out;
    private final List<String> details = new ArrayList<>();
    private final List<String> books = new ArrayList<>();
    private int passed;
    private int failed;
    private long lastProgress = System.nanoTime();

    /** A report that is printed here. */
    public Report(PrintStream out) {
        this.out = out;
    }

    /** Prints the head of the table. */
    public void head() {
        rule('-');
        row("", "scenario", "must end as", "the lossy way", "with the library", "time");
        rule('-');
    }

    /**
     * Prints how a scenario ended; it passed if the lossy way lost, the library's way has no problem, and nothing is wrong with
     * its books.
     */
    public void ended(int number, Scenario scenario, Loss loss, Ending ending, Verification verified, double seconds) {
        books.add("  " + number + " " + scenario.title() + ": " + verified);
        List<String> problems = new ArrayList<>(ending.problems());
        verified.first().forEach(finding -> problems.add("in the books: " + finding));
        if (!loss.lost()) {
            problems.add("the lossy way did not lose: nothing is shown");
        }
        String verdict = problems.isEmpty() ? "passed" : "FAILED";
        row(
                Integer.toString(number),
                scenario.title(),
                scenario.mustEndAs(),
                loss.summary(),
                ending.summary(),
                String.format(Locale.ROOT, "%.1f s ", seconds) + verdict);
        rule('-');
        count(number + " " + scenario.title(), problems);
    }

    /** Prints that a scenario ended with an exception. */
    public void broke(int number, Scenario scenario, Throwable fault) {
        row(Integer.toString(number), scenario.title(), scenario.mustEndAs(), "", "broke, see below", "FAILED");
        rule('-');
        List<String> chain = new ArrayList<>();
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            chain.add(cause.toString());
        }
        count(number + " " + scenario.title(), chain);
    }

    /** Prints that a scenario is not for this store; it neither passed nor failed. */
    public void notRun(int number, String title, String mustEndAs, String why) {
        row(Integer.toString(number), title, mustEndAs, "", why, "not run");
        rule('-');
    }

    /** Says how far a long scenario is, in a line every few seconds, so that a log is not flooded. */
    public synchronized void progress(int number, int done, int of) {
        long now = System.nanoTime();
        if (done == 1) {
            lastProgress = now;
        }
        if (now - lastProgress >= NANOS_BETWEEN_PROGRESS) {
            lastProgress = now;
            out.printf(Locale.ROOT, "%d   ... %,d of %,d answered%n", number, done, of);
        }
    }

    /** Prints what the books of each are like, what failed and how many passed; true where all did. */
    public boolean end() {
        out.println("the books of each, verified at its end:");
        books.forEach(out::println);
        details.forEach(out::println);
        out.println("scenarios: " + passed + " passed, " + failed + " failed");
        return failed == 0;
    }

    /** Prints nothing any more: what is interrupted from now on did not fail. */
    public void silence() {
        out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    private void count(String scenario, List<String> problems) {
        if (problems.isEmpty()) {
            passed++;
            return;
        }
        failed++;
        details.add(scenario + ":");
        problems.stream().limit(10).forEach(problem -> details.add("  - " + problem));
        if (problems.size() > 10) {
            details.add("  - and " + (problems.size() - 10) + " more");
        }
    }

    private void rule(char line) {
        int width = GAP.length() * (WIDTHS.length - 1);
        for (int column : WIDTHS) {
            width += column;
        }
        out.println(String.valueOf(line).repeat(width));
    }

    private void row(String... cells) {
        List<List<String>> wrapped = new ArrayList<>();
        int height = 0;
        for (int i = 0; i < cells.length; i++) {
            List<String> lines = wrap(cells[i], WIDTHS[i]);
            wrapped.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < cells.length; i++) {
                String part = line < wrapped.get(i).size() ? wrapped.get(i).get(line) : "";
                text.append(part)
                        .append(" ".repeat(Math.max(0, WIDTHS[i] - part.length())))
                        .append(GAP);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", 0)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}

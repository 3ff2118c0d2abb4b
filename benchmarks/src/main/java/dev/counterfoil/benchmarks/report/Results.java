package dev.counterfoil.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run measured, where, and what makes it void. */
public final class Results {
    private final Map<String, String> run = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    /** Says something about the run as a whole: the machine, a version, a setting. */
    public void about(String what, String value) {
        run.put(what, value);
    }

    /** What else was seen: pool sizes chosen, deadlocks counted. */
    public void note(String note) {
        notes.add(note);
    }

    /** A figure. */
    public void add(Row row) {
        rows.add(row);
    }

    /** What must not be, and makes the run void. */
    public void fault(String fault) {
        faults.add(fault);
    }

    /** True if figures of this run must not be used. */
    public boolean isVoid() {
        return !faults.isEmpty();
    }

    /** About the run. */
    public Map<String, String> run() {
        return run;
    }

    /** What else was seen. */
    public List<String> notes() {
        return notes;
    }

    /** What makes it void. */
    public List<String> faults() {
        return faults;
    }

    /** The figures. */
    public List<Row> rows() {
        return rows;
    }

    /** Writes all of it for programs. */
    public void writeJson(Path file) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("void", isVoid());
        all.put("faults", faults);
        all.put("run", run);
        all.put("notes", notes);
        all.put("rows", rows);
        String json =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
        Files.writeString(file, json + "\n");
    }

    /** Prints all of it for people. */
    public void print(PrintStream out) {
        out.println();
        run.forEach((what, value) -> out.println(what + ": " + value));
        String heading = "";
        for (Row row : rows) {
            String next = row.suite() + ": " + row.name();
            if (!next.equals(heading)) {
                out.printf("%n%s%n", next);
                heading = next;
            }
            out.printf(
                    Locale.ROOT,
                    "  %-34s %-19s %12s %-12s %-23s %s%n",
                    row.subject(),
                    row.metric(),
                    figure(row.value()),
                    row.unit(),
                    row.spread() == null
                            ? ""
                            : "(" + figure(row.spread().get(0)) + " to "
                                    + figure(row.spread().get(1)) + ")",
                    row.ratio() == null ? "" : String.format(Locale.ROOT, "%.2f of %s", row.ratio(), row.peer()));
        }
        out.println();
        notes.forEach(out::println);
        if (isVoid()) {
            out.printf("%nVOID: these figures must not be used.%n");
            faults.forEach(fault -> out.println("  " + fault));
        } else {
            out.printf("%nThe books of all subjects agree with what their callers were told.%n");
        }
    }

    /** A number with as many digits as it is worth. */
    static String figure(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }
}

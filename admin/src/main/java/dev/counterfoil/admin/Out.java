package dev.counterfoil.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Where an answer goes: as text or as JSON, which every command says both of. */
final class Out {
    private static final int MUCH = 1000;

    private final PrintWriter writer;
    private final boolean json;

    /** Rows that wait for the widths of their columns. */
    private final List<List<String>> rows = new ArrayList<>();

    private Out(PrintWriter writer, boolean json) {
        this.writer = writer;
        this.json = json;
    }

    static Out text(PrintWriter writer) {
        return new Out(writer, false);
    }

    static Out json(PrintWriter writer) {
        return new Out(writer, true);
    }

    /** A line of text, left out in JSON. */
    void line(String text) {
        if (!json) {
            flush();
            writer.println(text);
        }
    }

    /** A text of many lines as it is, left out in JSON. */
    void block(String text) {
        if (!json) {
            flush();
            writer.print(text);
        }
    }

    /** An object in JSON, left out in text. */
    void object(ObjectNode object) {
        if (json) {
            // Of the control characters JSON escapes the first 32 only.
            writer.println(Plain.text(object.toString()));
        }
    }

    /** An object, or its row in a table. */
    void row(ObjectNode object, String... columns) {
        object(object);
        row(columns);
    }

    /** A row of a table, left out in JSON. */
    void row(String... columns) {
        if (!json) {
            rows.add(List.of(columns));
        }
    }

    /** An object, or its line, at once: for what takes long. */
    void now(ObjectNode object, String text) {
        object(object);
        line(text);
        writer.flush();
    }

    /** Writes what waits where it is much, for tables of any length; their columns may move then. */
    void flushNowAndThen() {
        if (rows.size() >= MUCH) {
            flush();
        }
    }

    /** Writes what waits. */
    void flush() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = row.get(i).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else if (widths.get(i) < width) {
                    widths.set(i, width);
                }
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i));
                if (i < row.size() - 1) {
                    line.append(" ".repeat(widths.get(i) - row.get(i).length() + 2));
                }
            }
            writer.println(line.toString().stripTrailing());
        }
        rows.clear();
        writer.flush();
    }
}

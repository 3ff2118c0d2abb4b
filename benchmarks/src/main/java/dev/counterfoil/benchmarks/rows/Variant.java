package dev.counterfoil.benchmarks.rows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The product's own schema, with one thing changed. */
enum Variant {
    TODAY("today", Keys.IDS),
    FILLFACTOR_100("fillfactor 100", Keys.IDS),
    FILLFACTOR_90("fillfactor 90", Keys.IDS),
    FILLFACTOR_30("fillfactor 30", Keys.IDS),
    NATURAL_KEYS("natural keys", Keys.NATURAL),
    ONE_TEXT("address one text", Keys.ONE_TEXT),
    ENTRIES_BY_DECISION("index: entry's decision", Keys.IDS),
    CELLS_BY_TIME("index: cell's last_at", Keys.IDS);

    private static final String RESOURCE = "/dev/counterfoil/jdbc/schema/postgresql/counterfoil-1.sql";

    final String label;
    final Keys keys;

    Variant(String label, Keys keys) {
        this.label = label;
        this.keys = keys;
    }

    /** Patterns, each with what stands for it. */
    private List<String> edits() {
        return switch (this) {
            case TODAY -> List.of();
            case FILLFACTOR_100 -> List.of("fillfactor = 50", "fillfactor = 100");
            case FILLFACTOR_90 -> List.of("fillfactor = 50", "fillfactor = 90");
            case FILLFACTOR_30 -> List.of("fillfactor = 50", "fillfactor = 30");
            case NATURAL_KEYS ->
                List.of(
                        "(?m)^  id +bigint .*\n",
                        "",
                        "(?m)^  cell_id .*\n",
                        texts("namespace", "account_kind", "account_id", "name"),
                        "(?m)^  decision_id .*\n",
                        texts("scope", "key"),
                        "\\(cell_id, sequence\\)",
                        "(namespace, account_kind, account_id, name, sequence)");
            case ONE_TEXT ->
                List.of(
                        "(?m)^  namespace .*\n  account_kind .*\n  account_id .*\n  name .*\n",
                        texts("address"),
                        "\\(namespace, account_kind, account_id, name\\)",
                        "(address)");
            case ENTRIES_BY_DECISION -> List.of("\\z", "; CREATE INDEX ON counterfoil_entry (decision_id, position)");
            case CELLS_BY_TIME -> List.of("\\z", "; CREATE INDEX ON counterfoil_cell (last_at)");
        };
    }

    private static String texts(String... columns) {
        return Arrays.stream(columns)
                .map(column -> "  " + column + " text COLLATE \"C\" NOT NULL,\n")
                .collect(Collectors.joining());
    }

    String script() throws IOException {
        String script = product();
        List<String> edits = edits();
        for (int i = 0; i < edits.size(); i += 2) {
            String edited = script.replaceAll(edits.get(i), edits.get(i + 1));
            if (edited.equals(script)) {
                throw new IllegalStateException("the product's schema has no longer what " + label + " changes");
            }
            script = edited;
        }
        return script;
    }

    private static String product() throws IOException {
        try (InputStream in = Variant.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

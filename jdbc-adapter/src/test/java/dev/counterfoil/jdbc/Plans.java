package dev.counterfoil.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects how PostgreSQL ran the statements that the ledger sent: not what EXPLAIN says of copies of them, but the plans that
 * were used, with the rows that they read. PostgreSQL's module auto_explain sends them along with the answers.
 */
final class Plans extends Between {
    private static final List<String> SETTINGS = List.of(
            "session_preload_libraries = 'auto_explain'",
            "client_min_messages = 'log'",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on",
            "auto_explain.log_timing = off",
            "auto_explain.log_buffers = on",
            "auto_explain.log_parameter_max_length = 0",
            "auto_explain.log_level = 'log'");

    private final UnaryOperator<String> change;
    private final List<Plan> seen = new ArrayList<>();
    private final Set<SQLWarning> noticed = Collections.newSetFromMap(new IdentityHashMap<>());

    private Plans(UnaryOperator<String> change) {
        this.change = change;
    }

    /** Of one connection that the ledger has as it is. */
    static Plans asSent() {
        return new Plans(UnaryOperator.identity());
    }

    /** Of one connection where the server may find rows in any way, and not only in those that the ledger asks for. */
    static Plans free() {
        return new Plans(Stage::anyPlan);
    }

    /** Of one connection where cells are joined by plain equality, and sorted by their own columns. */
    static Plans joinedPlainly() {
        return new Plans(sql -> sql.replaceAll("ANY \\(ARRAY\\[(w\\.[a-z]+)\\]\\)", "$1")
                .replace(Stage.SORT, Stage.SORT.replace("w.", "c.")));
    }

    /** Lets the connections that come to a database send their plans. */
    static void turnOn(PlainSql sql, String database) throws SQLException {
        for (String setting : SETTINGS) {
            sql.run("ALTER DATABASE " + database + " SET " + setting);
        }
    }

    @Override
    String text(String sql) {
        return change.apply(sql);
    }

    @Override
    void notices(SQLWarning first) {
        for (SQLWarning notice = first; notice != null; notice = notice.getNextWarning()) {
            int plan = notice.getMessage().indexOf("plan:\n");
            // Notices stay on a connection, so that some come again.
            if (plan >= 0 && noticed.add(notice)) {
                seen.add(Plan.of(notice.getMessage().substring(plan)));
            }
        }
    }

    /** The plans since the last time that have to do with the tables. */
    List<Plan> take() {
        List<Plan> taken = seen.stream()
                .filter(plan -> plan.text().contains("\"counterfoil_"))
                .toList();
        seen.clear();
        noticed.clear();
        return taken;
    }

    /**
     * One statement as it was run.
     *
     * @param text the statement and its plan
     * @param nodes the steps of the plan
     */
    record Plan(String text, List<Node> nodes) {
        private static final Pattern NODE =
                Pattern.compile("^ *(?:-> +)?([A-Z][A-Za-z -]*?)(?: using [^ ]+)?(?: on ([^ ]+)[^(]*)? +"
                        + "\\(cost=[^)]*\\) \\((?:actual rows=([\\d.]+) loops=(\\d+)|never executed)\\)");
        private static final Pattern REMOVED = Pattern.compile("^ *Rows Removed by [A-Za-z ]+: (\\d+)");
        /** Those of the first step are those of all. */
        private static final Pattern BUFFERS =
                Pattern.compile("(?m)^ *Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");

        private static final Pattern PARAMETER = Pattern.compile("(?m)^ *(Index Cond|Filter|Sort Key): .*\\$\\d");

        static Plan of(String text) {
            List<Node> nodes = new ArrayList<>();
            text.lines().forEach(line -> {
                Matcher node = NODE.matcher(line);
                Matcher removed = REMOVED.matcher(line);
                if (node.find()) {
                    double loops = node.group(4) == null ? 0 : Double.parseDouble(node.group(4));
                    double rows = loops == 0 ? 0 : Double.parseDouble(node.group(3)) * loops;
                    nodes.add(new Node(node.group(1), String.valueOf(node.group(2)), rows, loops));
                } else if (removed.find()) {
                    Node last = nodes.remove(nodes.size() - 1);
                    nodes.add(last.plus(Double.parseDouble(removed.group(1)) * last.loops()));
                }
            });
            if (nodes.isEmpty()) {
                throw new IllegalArgumentException("this is no plan that can be read: " + text);
            }
            return new Plan(text, nodes);
        }

        /** True where it was made once for whatever is bound later. */
        boolean generic() {
            return PARAMETER.matcher(text).find();
        }

        /** The most rows that one of its steps read from a table or an index, or sorted. */
        double rows() {
            return nodes.stream()
                    .filter(Node::counts)
                    .mapToDouble(Node::rows)
                    .max()
                    .orElse(0);
        }

        /** How many blocks of tables and indexes it looked into, some of them more than once. */
        long blocks() {
            Matcher buffers = BUFFERS.matcher(text);
            return buffers.find() ? number(buffers.group(1)) + number(buffers.group(2)) : 0;
        }

        private static long number(@Nullable String digits) {
            return digits == null ? 0 : Long.parseLong(digits);
        }

        /** True where a table is read from its beginning. */
        boolean readsWholeTables() {
            return nodes.stream().anyMatch(node -> node.type().contains("Seq Scan"));
        }
    }

    /**
     * A step of a plan.
     *
     * @param type such as Index Scan
     * @param on the table or index
     * @param rows how many rows it read, those that it threw away included
     * @param loops how often it ran
     */
    record Node(String type, String on, double rows, double loops) {
        Node plus(double more) {
            return new Node(type, on, rows + more, loops);
        }

        boolean counts() {
            return type.contains("Sort") || on.contains("counterfoil_");
        }
    }
}

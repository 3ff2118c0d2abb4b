package dev.counterfoil.benchmarks.rows;

import dev.counterfoil.benchmarks.servers.PostgresServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Writes the same groups to tables of different shape, all of them in turn in every round, so that what else the machine does
 * meets all alike; prints what each round's ratio to today's shape was. Ends in an exception if the books of one are wrong.
 */
public final class RowsBench {
    /** Every variant has every place in the order equally often. */
    private static final int ROUNDS = 2 * Variant.values().length;

    private static final long SLOT_NANOS = 400_000_000;

    /** One variant, one round. */
    private record Slot(double groupsPerSecond, double walPerUpdate) {}

    private final Map<Variant, Bank> banks = new EnumMap<>(Variant.class);
    private final Map<Variant, List<Slot>> slots = new EnumMap<>(Variant.class);
    private final PrintStream out;

    private RowsBench(PrintStream out) {
        this.out = out;
    }

    /** Runs all variants, on two hot cells and on all cells; the server's programs are unpacked into the directory. */
    public static void run(Path directory, PrintStream out) throws IOException, SQLException {
        try (PostgresServer server = new PostgresServer(directory)) {
            try (Connection connection = server.connect("public")) {
                out.println(PostgresServer.one(connection, "SELECT version()"));
            }
            for (int cells : List.of(2, 2 * Bank.UPDATES)) {
                RowsBench bench = new RowsBench(out);
                try {
                    bench.measure(server, cells);
                    bench.report(cells == 2 ? "two hot cells" : "uniform");
                } finally {
                    bench.close();
                }
            }
        }
    }

    private void measure(PostgresServer server, int cells) throws IOException, SQLException {
        for (Variant variant : Variant.values()) {
            String schema = variant.name().toLowerCase(Locale.ROOT) + "_" + cells;
            banks.put(variant, new Bank(server, schema, variant, cells));
            slots.put(variant, new ArrayList<>());
        }
        for (Bank bank : banks.values()) {
            slot(bank, SLOT_NANOS / 2);
        }
        List<Variant> order = List.of(Variant.values());
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < order.size(); i++) {
                Variant variant = order.get((i + round) % order.size());
                all(variant).add(slot(bank(variant), SLOT_NANOS));
            }
        }
        for (Bank bank : banks.values()) {
            bank.checkBooks();
        }
    }

    private static Slot slot(Bank bank, long nanos) throws SQLException {
        long groups = bank.groups();
        long wal = bank.walPosition();
        long start = System.nanoTime();
        long elapsed;
        do {
            bank.group();
            elapsed = System.nanoTime() - start;
        } while (elapsed < nanos);
        double done = bank.groups() - groups;
        return new Slot(done * 1e9 / elapsed, (bank.walPosition() - wal) / (done * Bank.UPDATES));
    }

    private void report(String name) throws SQLException {
        out.printf("%n%s: the middle of %d rounds (lower to upper quartile)%n%n", name, ROUNDS);
        out.println(
                "| variant | groups/s | ratio to today | bytes/update | log bytes/update, ratio | cells, MB | HOT |");
        out.println("|---|---:|---:|---:|---:|---:|---:|");
        for (Variant variant : Variant.values()) {
            Bank bank = bank(variant);
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %s | %.1f | %.0f %% |%n",
                    variant.label,
                    spread(
                            "%.0f",
                            all(variant).stream().map(Slot::groupsPerSecond).toList()),
                    spread("%.2f", ratios(variant, Slot::groupsPerSecond)),
                    bank.bytesPerUpdate(),
                    spread("%.2f", ratios(variant, Slot::walPerUpdate)),
                    bank.cellMegabytes(),
                    100 * bank.hotShare());
        }
        out.printf("%nThe books of all %d variants agree.%n", banks.size());
    }

    /** Of each round. */
    private List<Double> ratios(Variant variant, ToDoubleFunction<Slot> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ratios.add(figure.applyAsDouble(all(variant).get(round))
                    / figure.applyAsDouble(all(Variant.TODAY).get(round)));
        }
        return ratios;
    }

    private static String spread(String format, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                format + " (" + format + "–" + format + ")",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() / 4),
                sorted.get(sorted.size() - 1 - sorted.size() / 4));
    }

    private Bank bank(Variant variant) {
        return Objects.requireNonNull(banks.get(variant));
    }

    private List<Slot> all(Variant variant) {
        return Objects.requireNonNull(slots.get(variant));
    }

    private void close() throws SQLException {
        for (Bank bank : banks.values()) {
            bank.close();
        }
    }
}

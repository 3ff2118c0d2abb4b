package dev.counterfoil.benchmarks.suites;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Slot;
import dev.counterfoil.benchmarks.load.Tally;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process of its own whose callers write to a ledger that others write to as well. */
final class Writer {
    private static final String READY = "ready";

    /**
     * How many answers it has had when it says that it is ready, by what the plan gives for compiling. Not a time: several
     * processes share the machine, each has all of the code to compile, and only what has run often is compiled.
     */
    private static final int FIRST_ANSWERS_A_MILLISECOND = 16;

    private static final Duration FIRST_SLOT = Duration.ofMillis(250);

    private final Process process;
    private final BufferedReader lines;

    /** What it says at its end. */
    record Report(double rate, List<Long> deltas, long applied, long rejected, long repeated, List<String> faults) {}

    Writer(Place place, int callers, Plan plan) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        place.url(),
                        Integer.toString(place.accounts()),
                        Integer.toString(place.connections()),
                        Integer.toString(callers),
                        plan.warmUp().toString(),
                        plan.measured().toString(),
                        Long.toString(plan.compiling().toMillis() * FIRST_ANSWERS_A_MILLISECOND))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    void awaitReady() throws IOException {
        String line = lines.readLine();
        if (!READY.equals(line)) {
            throw new IllegalStateException("a writing process said " + line);
        }
    }

    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Adds what its callers were told; its answers in a second. */
    double report(Tally tally) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            tally.fault("a writing process ended without a word");
            return 0;
        }
        Report report = new ObjectMapper().readValue(line, Report.class);
        report.faults().forEach(tally::fault);
        tally.add(report.deltas(), report.applied(), report.rejected(), report.repeated());
        return report.rate();
    }

    void end() {
        process.destroy();
    }

    /** The process. */
    public static void main(String[] args) throws Exception {
        Place place = new Place(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Load load = Load.closed(
                Draw.zipf(place.accounts()),
                Integer.parseInt(args[3]),
                Duration.parse(args[4]),
                Duration.parse(args[5]));
        try (LedgerSubject ledger = LedgerSubject.attach(place, true)) {
            Tally told = new Tally(place.accounts());
            long first = Long.parseLong(args[6]);
            while (told.applied() + told.rejected() + told.repeated() < first
                    && told.faults().isEmpty()) {
                Slot unused = load.lasting(Duration.ZERO, FIRST_SLOT).run(ledger, told);
            }
            System.out.println(READY);
            while (System.in.read() >= 0) {
                Slot slot = load.run(ledger, told);
                System.out.println(new ObjectMapper().writeValueAsString(report(slot, told)));
                told = new Tally(place.accounts());
            }
        }
    }

    private static Report report(Slot slot, Tally told) {
        return new Report(slot.rate(), told.deltas(), told.applied(), told.rejected(), told.repeated(), told.faults());
    }
}

package dev.counterfoil.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time since the machine and this process began.
 *
 * @param client of this process, in nanoseconds: the callers, their driver, its collections
 * @param rest of all others on the machine, in nanoseconds: on a quiet one the server; not a number where the system does not tell
 */
public record Processors(double client, double rest) {
    private static final Path ALL = Path.of("/proc/stat");

    /** What Linux counts in, and has since long: a hundredth of a second. */
    private static final double NANOS_PER_TICK = 1e7;

    /** Of the columns behind the name: user, nice, system; then idle and waiting for the disk; then both interrupts. */
    private static final int IDLE = 4;

    private static final int WAITING = 5;
    private static final int LAST = 7;

    /** So far. */
    public static Processors now() {
        double client = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        return new Processors(client, Math.max(0, all() - client));
    }

    /** Between an earlier time and this one. */
    public Processors since(Processors before) {
        return new Processors(client - before.client, Math.max(0, rest - before.rest));
    }

    private static double all() {
        if (!Files.isReadable(ALL)) {
            return Double.NaN;
        }
        try (var lines = Files.lines(ALL)) {
            String[] columns = lines.findFirst().orElse("").split(" +", -1);
            double ticks = 0;
            for (int column = 1; column <= LAST && column < columns.length; column++) {
                ticks += column == IDLE || column == WAITING ? 0 : Double.parseDouble(columns[column]);
            }
            return ticks * NANOS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

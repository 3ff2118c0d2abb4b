package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;

/** The clock of the server jumps, forward and back, by up to a day; the library libfaketime moves it. */
final class ClockJumps extends FaultCase {
    private static final Path LIBRARY = Path.of(
            System.getProperty("counterfoil.stress.faketime", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"));

    private static final List<String> JUMPS =
            List.of("+0", "+0.3", "-0.3", "+4", "-4", "+60", "-60", "+3600", "-3600", "+86400", "-86400");

    private final Path offset = Path.of(
            System.getProperty("java.io.tmpdir"),
            "stress-clock-" + ProcessHandle.current().pid());

    ClockJumps(String name) {
        super(name, 3, 10);
    }

    /** True where the library is there. */
    static boolean runsHere() {
        return Files.exists(LIBRARY);
    }

    @Override
    Databases databases() throws IOException, InterruptedException, SQLException {
        Path home = Files.createTempDirectory("stress-clock-");
        PostgresNode node = PostgresNode.create(home);
        jump("+0");
        node.environment("LD_PRELOAD", LIBRARY.toString());
        node.environment("FAKETIME_TIMESTAMP_FILE", offset.toString());
        node.environment("FAKETIME_CACHE_DURATION", "1");
        node.environment("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        node.environment("FAKETIME_DISABLE_SHM", "1");
        PostgresAlone server = new PostgresAlone(node, () -> {
            Scratch.delete(home);
            Files.deleteIfExists(offset);
        });
        jump("-3600");
        node.await("SELECT clock_timestamp() < to_timestamp(" + System.currentTimeMillis() / 1_000
                + ") - interval '1800 s'");
        jump("+0");
        return server;
    }

    private void jump(String seconds) throws IOException {
        Files.writeString(offset, seconds + "\n");
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random) throws IOException, InterruptedException {
        round.awaitCalls(random.nextInt(1_000, 50_000));
        jump(JUMPS.get(random.nextInt(JUMPS.size())));
        // The server looks at it once in a second.
        Thread.sleep(1_100);
    }
}

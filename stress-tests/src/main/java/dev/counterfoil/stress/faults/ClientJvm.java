package dev.counterfoil.stress.faults;

import dev.counterfoil.stress.history.ClientProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link ClientProcess}. */
final class ClientJvm {
    private static final long PATIENCE_SECONDS = 120;

    private final String name;
    private final Process process;

    /**
     * Starts one.
     *
     * @param name names it, and its history
     * @param url its database
     * @param directory where histories go
     * @param logs where it complains to
     * @param load the other arguments of a {@link ClientProcess}
     */
    ClientJvm(String name, String url, Path directory, Path logs, List<String> load) throws IOException {
        this.name = name;
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                ClientProcess.class.getName(),
                name,
                url,
                directory.resolve(name).toString());
        builder.command().addAll(load);
        process = builder.redirectError(ProcessBuilder.Redirect.appendTo(
                        logs.resolve(name + ".log").toFile()))
                .start();
    }

    String name() {
        return name;
    }

    /** Waits until it begins. */
    void awaitUp() throws IOException {
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"up".equals(line)) {
            throw new IllegalStateException(name + " said " + line);
        }
    }

    /** A stranger in that process holds one of its connections for a while. */
    void holdOne(int hundredths) throws IOException {
        process.getOutputStream().write(hundredths);
        process.getOutputStream().flush();
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it, if it has not. */
    void end() {
        process.destroyForcibly();
    }

    /** Its callers finish the call that they are in; false where they did not, or where it had ended before. */
    boolean stop() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended.
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
            return false;
        }
        return process.exitValue() == 0;
    }

    void pause() throws IOException, InterruptedException {
        Processes.signal("STOP", process.pid());
    }

    void goOn() throws IOException, InterruptedException {
        Processes.signal("CONT", process.pid());
    }
}

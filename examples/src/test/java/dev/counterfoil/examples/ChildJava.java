package dev.counterfoil.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a main class ended in a Java of its own.
 *
 * @param exitCode its exit code
 * @param lines what it printed
 */
record ChildJava(int exitCode, List<String> lines) {
    /** Runs a main class in a directory, on the class path of this test. */
    static ChildJava run(Path directory, Class<?> main, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Path printed = directory.resolve("printed.txt");
        Path errors = directory.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(printed.toFile())
                .redirectError(errors.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(main + " did not end");
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(printed, StandardCharsets.UTF_8));
        // The JVM warns of the driver's native code from JDK 24 on; that is not what a run printed.
        Files.readAllLines(errors, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("WARNING:"))
                .forEach(lines::add);
        return new ChildJava(process.exitValue(), lines);
    }
}

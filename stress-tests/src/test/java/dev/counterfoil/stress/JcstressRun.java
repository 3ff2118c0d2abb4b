package dev.counterfoil.stress;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/**
 * One run of jcstress in a process of its own, and what it saw.
 *
 * @param exitCode 0 where jcstress saw nothing forbidden and no test ended in an error
 * @param results one per test, over all configurations of the virtual machine
 * @param log where everything that it said is kept
 */
record JcstressRun(int exitCode, Collection<TestResult> results, Path log) {
    private static final long MOST_HOURS = 12;

    /** What fails on purpose is not worth a line. */
    private static final String QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=off";

    /**
     * Runs the tests whose names match; reports, result and log go to a directory of this name, emptied before.
     *
     * @param name the name of the directory
     * @param mode sanity, quick, default, tough or stress
     * @param tests a regular expression
     */
    static JcstressRun of(String name, String mode, String tests) throws IOException, InterruptedException {
        Path directory = Path.of(property("jcstress.directory"), name);
        clear(directory);
        Files.createDirectories(directory);
        Path log = directory.resolve("jcstress.log");
        Process process = new ProcessBuilder(command(mode, tests))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(MOST_HOURS, TimeUnit.HOURS)) {
                throw new IllegalStateException("jcstress does not end, see " + log);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new JcstressRun(process.exitValue(), read(directory), log);
    }

    private static List<String> command(String mode, String tests) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "-m",
                mode,
                "-t",
                tests,
                "-r",
                "report"));
        if (mode.equals("sanity")) {
            // Left alone, this mode plays a race once in each of very many configurations. Better some thousand times
            // in
            // one, which starts fast; the longer modes compile in all ways there are.
            command.addAll(List.of("-sc", "false", "-time", "100", "-strideSize", "16", "-strideCount", "8"));
            command.addAll(List.of("-jvmArgs", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 " + QUIET));
        } else {
            command.addAll(List.of("-jvmArgsPrepend", QUIET));
        }
        return command;
    }

    private static Collection<TestResult> read(Path directory) throws IOException {
        InProcessCollector collector = new InProcessCollector();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(JcstressRun::isResult).toList()) {
                DiskReadCollector reader = new DiskReadCollector(file.toString(), collector);
                try {
                    reader.dump();
                } catch (ClassNotFoundException e) {
                    throw new IOException("no result of this version of jcstress: " + file, e);
                } finally {
                    reader.close();
                }
            }
        }
        return ReportUtils.mergedByName(collector.getTestResults());
    }

    private static boolean isResult(Path file) {
        return file.getFileName().toString().endsWith(".bin.gz");
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(JcstressRun::delete);
            }
        }
    }

    private static void delete(File file) {
        try {
            Files.delete(file.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + ": is set by the build, set it to run this test without it");
        }
        return value;
    }
}

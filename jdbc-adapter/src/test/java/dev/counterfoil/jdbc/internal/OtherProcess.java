package dev.counterfoil.jdbc.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM of its own that uses turnstiles as it is told: one command a line, one line of answer. */
@SuppressWarnings("try") // a pass is held, not used
final class OtherProcess implements AutoCloseable {

    static final long LONG = TimeUnit.SECONDS.toNanos(30);

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private OtherProcess(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    static OtherProcess start() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new OtherProcess(new ProcessBuilder(
                        java.toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    void tell(Object... command) {
        commands.println(String.join(
                "\t", List.of(command).stream().map(Object::toString).toList()));
    }

    String answer() throws IOException {
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the other process is gone");
        }
        return answer;
    }

    String ask(Object... command) throws IOException {
        tell(command);
        return answer();
    }

    /** As kill -9. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** True once a request for this database's file lock waits in the kernel. */
    static boolean waitsInKernel(Path database) {
        String name = "counterfoil-" + database.getFileName() + "-lock";
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals(name))
                .flatMap(thread -> List.of(thread.getValue()).stream())
                .anyMatch(frame -> frame.getMethodName().equals("lock0"));
    }

    /** Adds to a number in a file, by reading and then writing it: additions at the same time are lost. */
    static void addOne(Path numbers) {
        try (RandomAccessFile file = new RandomAccessFile(numbers.toFile(), "rw")) {
            long before = file.length() == 0 ? 0 : file.readLong();
            dawdle();
            file.seek(0);
            file.writeLong(before + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives others time to come between. */
    static void dawdle() {
        for (int i = 0; i < 200; i++) {
            Thread.onSpinWait();
        }
    }

    static long numberIn(Path numbers) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(numbers.toFile(), "r")) {
            return file.readLong();
        }
    }

    public static void main(String[] none) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        Hands hands = new Hands();
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(hands.obey(line.split("\t", -1)));
        }
    }

    /** What the process holds between two commands. */
    private static final class Hands {

        private Turnstile.Pass pass = () -> {};
        private FutureTask<Turnstile.Pass> wanted = new FutureTask<>(() -> pass);
        private Connection connection;

        Object obey(String[] words) throws Exception {
            return switch (words[0]) {
                case "enter" -> enter(Path.of(words[1]), LONG);
                case "try" -> enter(Path.of(words[1]), TimeUnit.MILLISECONDS.toNanos(50));
                case "leave" -> {
                    pass.close();
                    yield "left";
                }
                case "want" -> want(Path.of(words[1]));
                case "get" -> {
                    wanted.get().close();
                    yield "got";
                }
                case "add" -> add(Path.of(words[1]), Path.of(words[2]), Integer.parseInt(words[3]));
                case "turns" -> TurnstileFigures.turnsPerSecond(Turnstile.of(Path.of(words[1])));
                case "open" -> {
                    connection = open(Path.of(words[1]));
                    yield "open";
                }
                case "write" ->
                    write(
                            connection,
                            words[1].equals("fairly") ? Turnstile.of(Path.of(words[2])) : null,
                            Long.parseLong(words[3]));
                default -> throw new IllegalArgumentException(words[0]);
            };
        }

        private String enter(Path database, long timeoutNanos) throws Exception {
            try {
                pass = Turnstile.of(database).enter(timeoutNanos);
                return "entered";
            } catch (TimeoutException e) {
                return "timed out";
            }
        }

        private String want(Path database) {
            wanted = inBackground(() -> Turnstile.of(database).enter(LONG));
            while (!waitsInKernel(database)) {
                Thread.onSpinWait();
            }
            return "waiting";
        }

        /** In two threads, each of which opens and closes the turnstile for every turn. */
        private static String add(Path database, Path numbers, int turns) throws Exception {
            Callable<String> adder = () -> {
                for (int i = 0; i < turns / 2; i++) {
                    try (Turnstile turnstile = Turnstile.of(database);
                            Turnstile.Pass ignored = turnstile.enter(LONG)) {
                        addOne(numbers);
                    }
                }
                return "added";
            };
            FutureTask<String> other = inBackground(adder);
            adder.call();
            return other.get();
        }

        private static <T> FutureTask<T> inBackground(Callable<T> work) {
            FutureTask<T> task = new FutureTask<>(work);
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
            return task;
        }

        private static Connection open(Path database) throws SQLException {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 30000");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER NOT NULL)");
            }
            return connection;
        }

        private static long write(Connection connection, Turnstile turnstile, long millis) throws Exception {
            long commits = 0;
            try (Statement statement = connection.createStatement()) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                while (System.nanoTime() - end < 0) {
                    try (Turnstile.Pass ignored = turnstile == null ? () -> {} : turnstile.enter(LONG)) {
                        statement.execute("BEGIN IMMEDIATE");
                        statement.execute("UPDATE t SET n = n + 1");
                        statement.execute("COMMIT");
                        commits++;
                    }
                }
            }
            return commits;
        }
    }
}

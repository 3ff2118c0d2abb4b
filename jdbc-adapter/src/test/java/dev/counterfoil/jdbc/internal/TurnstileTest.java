package dev.counterfoil.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("try") // a pass is held, not used
class TurnstileTest {

    private static final long LONG = OtherProcess.LONG;
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(20);

    @TempDir
    Path directory;

    private Path database;
    private final List<Actor<?>> actors = new CopyOnWriteArrayList<>();
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    @BeforeEach
    void listenToTheLog() {
        database = directory.resolve("books.db");
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void nothingIsLeftBehind() throws InterruptedException {
        System.setErr(err);
        err.print(log());
        for (Actor<?> actor : actors) {
            actor.thread.join();
        }
        assertThat(lockThreads()).as("threads of turnstiles that are closed").isEmpty();
    }

    // Inside one JVM

    @Test
    void aTurnComesAgainAndAgain() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database)) {
            for (int i = 0; i < 1_000; i++) {
                turnstile.enter(LONG).close();
            }
        }
        assertThat(database.resolveSibling("books.db-lock")).exists();
        assertThat(database).doesNotExist();
        assertThat(log()).isEmpty();
    }

    @Test
    void threadsNeverShareATurn() throws Exception {
        int[] unguarded = {0};
        try (Turnstile turnstile = Turnstile.of(database)) {
            List<Actor<Void>> adders = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                adders.add(start(() -> {
                    for (int i = 0; i < 500; i++) {
                        try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                            int before = unguarded[0];
                            OtherProcess.dawdle();
                            unguarded[0] = before + 1;
                        }
                    }
                    return null;
                }));
            }
            for (Actor<Void> adder : adders) {
                adder.result();
            }
        }
        assertThat(unguarded[0]).isEqualTo(4_000);
    }

    @Test
    void threadsComeFirstInFirstOut() throws Exception {
        List<Integer> order = new CopyOnWriteArrayList<>();
        try (Turnstile turnstile = Turnstile.of(database)) {
            Turnstile.Pass first = turnstile.enter(LONG);
            List<Actor<Void>> queue = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                int place = i;
                Actor<Void> waiting = start(() -> {
                    try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                        order.add(place);
                    }
                    return null;
                });
                waiting.awaitParked();
                queue.add(waiting);
            }
            first.close();
            try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                order.add(10);
            }
            for (Actor<Void> waiting : queue) {
                waiting.result();
            }
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void waitingEndsInTimeWhileAnotherThreadHasTheTurn() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database)) {
            try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                assertTimesOut(turnstile, SHORT);
                assertTimesOut(turnstile, 0);
                assertTimesOut(turnstile, Long.MIN_VALUE);
            }
            turnstile.enter(Long.MAX_VALUE).close();
            turnstile.enter(0).close();
        }
    }

    @Test
    void aTurnIsGivenBackOnceHoweverOftenItIsClosed() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database)) {
            Turnstile.Pass first = turnstile.enter(LONG);
            first.close();
            try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                first.close();
                assertTimesOut(turnstile, SHORT);
            }
        }
    }

    @Test
    void anyThreadMayGiveATurnBack() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database)) {
            Turnstile.Pass pass = turnstile.enter(LONG);
            start(() -> {
                        pass.close();
                        return null;
                    })
                    .result();
            turnstile.enter(LONG).close();
        }
    }

    @Test
    void anInterruptedThreadGetsNoTurn() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> turnstile.enter(LONG));

            Turnstile.Pass pass = turnstile.enter(LONG);
            Actor<Turnstile.Pass> waiting = start(() -> turnstile.enter(LONG));
            waiting.awaitParked();
            waiting.thread.interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(waiting::result);
            pass.close();
            turnstile.enter(LONG).close();
        }
    }

    @Test
    void allPathsToOneFileShareItsTurns() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        Path linkBefore = Files.createSymbolicLink(directory.resolve("link.db"), Path.of("inner", "books.db"));
        Path real = inner.resolve("books.db");
        try (Turnstile before = Turnstile.of(real);
                Turnstile dangling = Turnstile.of(linkBefore);
                Turnstile.Pass ignored = before.enter(LONG)) {
            assertTimesOut(dangling, SHORT);
            Files.createFile(real);
            Path chain = Files.createSymbolicLink(directory.resolve("chain.db"), linkBefore);
            Path elsewhere = Files.createSymbolicLink(directory.resolve("elsewhere"), inner);
            Path relative = Path.of("").toAbsolutePath().relativize(real);
            for (Path path : List.of(
                    real,
                    linkBefore,
                    chain,
                    elsewhere.resolve("books.db"),
                    inner.resolve("../inner/books.db"),
                    relative)) {
                try (Turnstile turnstile = Turnstile.of(path)) {
                    assertTimesOut(turnstile, SHORT);
                }
            }
            try (Turnstile other = Turnstile.of(inner.resolve("other.db"))) {
                other.enter(LONG).close();
            }
        }
    }

    // Among processes

    @Test
    void processesNeverShareATurnEvenWhileTurnstilesOpenAndClose() throws Exception {
        Path numbers = directory.resolve("numbers");
        try (OtherProcess first = OtherProcess.start();
                OtherProcess second = OtherProcess.start()) {
            first.tell("add", database, numbers, 600);
            second.tell("add", database, numbers, 600);
            for (int i = 0; i < 600; i++) {
                try (Turnstile turnstile = Turnstile.of(database);
                        Turnstile.Pass ignored = turnstile.enter(LONG)) {
                    OtherProcess.addOne(numbers);
                }
            }
            assertThat(first.answer()).isEqualTo("added");
            assertThat(second.answer()).isEqualTo("added");
        }
        assertThat(OtherProcess.numberIn(numbers)).isEqualTo(1_800);
        assertThat(log()).isEmpty();
    }

    @Test
    void waitingEndsInTimeWhileAnotherProcessHasTheTurn() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            assertThat(other.ask("enter", database)).isEqualTo("entered");
            assertTimesOut(turnstile, 0);
            assertTimesOut(turnstile, SHORT);
            assertTimesOut(turnstile, SHORT);
            assertThat(other.ask("leave")).isEqualTo("left");
            turnstile.enter(LONG).close();
        }
    }

    @Test
    void aFailedTryKeepsNobodyOut() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            turnstile.enter(LONG).close();
            assertThat(other.ask("enter", database)).isEqualTo("entered");
            assertTimesOut(turnstile, 0);
            assertThat(other.ask("leave")).isEqualTo("left");
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
    }

    @Test
    void anAbandonedRequestGivesItsTurnBack() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            assertThat(other.ask("enter", database)).isEqualTo("entered");
            abandonRequest(turnstile);
            assertThat(other.ask("leave")).isEqualTo("left");
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
    }

    @Test
    void theNextCallerInheritsAnAbandonedRequest() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            assertThat(other.ask("enter", database)).isEqualTo("entered");
            abandonRequest(turnstile);
            Actor<Turnstile.Pass> heir = start(() -> turnstile.enter(LONG));
            heir.awaitParked();
            assertThat(other.ask("leave")).isEqualTo("left");
            Turnstile.Pass pass = heir.result();
            assertThat(other.ask("try", database)).isEqualTo("timed out");
            pass.close();
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
    }

    @Test
    void anInterruptedThreadKeepsTheTurnAndTheOtherProcessesOut() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            Turnstile.Pass pass = turnstile.enter(LONG);
            Thread.currentThread().interrupt();
            assertThat(other.ask("try", database)).isEqualTo("timed out");
            pass.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(other.ask("enter", database)).isEqualTo("entered");

            Actor<Turnstile.Pass> waiting = start(() -> turnstile.enter(LONG));
            awaitKernel();
            waiting.thread.interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(waiting::result);
            assertThat(other.ask("leave")).isEqualTo("left");
            try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                assertThat(other.ask("try", database)).isEqualTo("timed out");
            }
        }
        assertThat(log()).isEmpty();
    }

    @Test
    void anInterruptThatComesTogetherWithTheTurnLosesNoTurn() throws Exception {
        int turns = 0;
        int rounds = 300;
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            for (int i = 0; i < rounds; i++) {
                assertThat(other.ask("enter", database)).isEqualTo("entered");
                Actor<Turnstile.Pass> waiting = start(() -> turnstile.enter(LONG));
                awaitKernel();
                other.tell("leave");
                long start = System.nanoTime();
                while (System.nanoTime() - start < i * 1_000L) {
                    Thread.onSpinWait();
                }
                waiting.thread.interrupt();
                assertThat(other.answer()).isEqualTo("left");
                try {
                    waiting.result().close();
                    turns++;
                } catch (InterruptedException e) {
                    // Then the turn must be free for the other process.
                }
            }
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
        err.println(turns + " turns and " + (rounds - turns) + " interrupts");
    }

    @Test
    void aKilledProcessFreesItsTurn() throws Exception {
        try (Turnstile turnstile = Turnstile.of(database);
                OtherProcess holding = OtherProcess.start();
                OtherProcess waiting = OtherProcess.start()) {
            assertThat(holding.ask("enter", database)).isEqualTo("entered");
            assertThat(waiting.ask("want", database)).isEqualTo("waiting");
            Actor<Turnstile.Pass> third = start(() -> turnstile.enter(LONG));
            awaitKernel();
            waiting.kill();
            holding.kill();
            third.result().close();
        }
    }

    @Test
    void processesThatWriteToTwoDatabasesAreNoDeadlock() throws Exception {
        Path second = directory.resolve("second.db");
        try (Turnstile mine = Turnstile.of(database);
                Turnstile theirs = Turnstile.of(second);
                OtherProcess other = OtherProcess.start()) {
            Turnstile.Pass pass = mine.enter(LONG);
            assertThat(other.ask("enter", second)).isEqualTo("entered");
            assertThat(other.ask("want", database)).isEqualTo("waiting");
            assertTimesOut(theirs, SHORT);
            Actor<Turnstile.Pass> waiting = start(() -> theirs.enter(LONG));
            pass.close();
            assertThat(other.ask("get")).isEqualTo("got");
            assertThat(other.ask("leave")).isEqualTo("left");
            waiting.result().close();
            mine.enter(LONG).close();
        }
        assertThat(log()).isEmpty();
    }

    @Test
    void processesThatWriteWithoutAPauseShareTheCommitsEvenly() throws Exception {
        List<Long> commits = commitsOfThreeProcesses(database, "fairly", 3_000);
        err.println("commits of three processes in 3 s, with the turnstile: " + commits);
        long total = commits.stream().mapToLong(Long::longValue).sum();
        assertThat(commits).allSatisfy(each -> assertThat(each).isGreaterThan(total / 4));
        assertThat(committed(database)).isEqualTo(total);
        assertThat(log()).isEmpty();
    }

    // Closing

    @Test
    void aClosedTurnstileGivesNoTurns() {
        Turnstile turnstile = Turnstile.of(database);
        turnstile.close();
        turnstile.close();
        assertThatIllegalStateException().isThrownBy(() -> turnstile.enter(LONG));
    }

    @Test
    void aShareThatIsClosedTwiceClosesNoOther() throws Exception {
        try (Turnstile kept = Turnstile.of(database)) {
            Turnstile closed = Turnstile.of(database);
            closed.close();
            closed.close();
            assertThatIllegalStateException().isThrownBy(() -> closed.enter(LONG));
            kept.enter(LONG).close();
        }
    }

    @Test
    void aFileCanBeOpenedAgain() throws Exception {
        try (OtherProcess other = OtherProcess.start()) {
            for (int i = 0; i < 20; i++) {
                try (Turnstile turnstile = Turnstile.of(database)) {
                    turnstile.enter(LONG).close();
                }
                assertThat(lockThreads()).isEmpty();
            }
            try (Turnstile turnstile = Turnstile.of(database);
                    Turnstile.Pass ignored = turnstile.enter(LONG)) {
                assertThat(other.ask("try", database)).isEqualTo("timed out");
            }
        }
    }

    @Test
    void aTurnOutlivesItsTurnstile() throws Exception {
        try (OtherProcess other = OtherProcess.start()) {
            Turnstile turnstile = Turnstile.of(database);
            Turnstile.Pass pass = turnstile.enter(LONG);
            Actor<Turnstile.Pass> waiting = start(() -> turnstile.enter(LONG));
            waiting.awaitParked();
            turnstile.close();

            assertThat(other.ask("try", database)).isEqualTo("timed out");
            try (Turnstile reopened = Turnstile.of(database)) {
                assertTimesOut(reopened, SHORT);
            }
            pass.close();
            Turnstile.Pass last = waiting.result();
            assertThat(other.ask("try", database)).isEqualTo("timed out");
            last.close();
            assertThat(lockThreads()).isEmpty();
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
    }

    @Test
    void closingDoesNotWaitForOtherProcesses() throws Exception {
        try (OtherProcess other = OtherProcess.start()) {
            assertThat(other.ask("enter", database)).isEqualTo("entered");
            Turnstile turnstile = Turnstile.of(database);
            abandonRequest(turnstile);
            Thread.currentThread().interrupt();
            turnstile.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(lockThreads()).isEmpty();
        }
        assertThat(log()).isEmpty();
    }

    // Without a lock file

    @Test
    void whereTheLockFileCannotBeOpenedThreadsStillTakeTurns() throws Exception {
        Files.createDirectory(directory.resolve("books.db-lock"));
        assertThreadsTakeTurnsAndTheLossIsLoggedOnce(database);
    }

    @Test
    void whereThereIsNoDirectoryThreadsStillTakeTurns() throws Exception {
        assertThreadsTakeTurnsAndTheLossIsLoggedOnce(
                directory.resolve("nowhere").resolve("books.db"));
    }

    @Test
    void aSecondClassLoaderGoesWithoutAndLeavesTheFirstItsTurn() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader loader =
                        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
                OtherProcess other = OtherProcess.start()) {
            Class<?> stranger = Class.forName(Turnstile.class.getName(), true, loader);
            try (AutoCloseable first =
                            (AutoCloseable) stranger.getMethod("of", Path.class).invoke(null, database);
                    AutoCloseable ignored = (AutoCloseable)
                            stranger.getMethod("enter", long.class).invoke(first, LONG);
                    Turnstile second = Turnstile.of(database)) {
                second.enter(LONG).close();
                second.enter(LONG).close();
                assertThat(other.ask("try", database)).isEqualTo("timed out");
            }
            assertThat(log()).containsOnlyOnce("WARN").contains("OverlappingFileLockException");
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
    }

    // All at once

    @Test
    void noTurnIsLostOrSharedWhateverTimesOutOrIsInterrupted() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        err.println("seed " + seed);
        Path numbers = directory.resolve("numbers");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger mostInside = new AtomicInteger();
        AtomicInteger turns = new AtomicInteger();
        AtomicInteger timeOuts = new AtomicInteger();
        AtomicInteger interrupts = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        try (Turnstile kept = Turnstile.of(database);
                OtherProcess other = OtherProcess.start()) {
            other.tell("add", database, numbers, 2_000);
            List<Actor<Void>> writers = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                Random random = new Random(seed + t);
                writers.add(start(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        long timeout = random.nextInt(5) == 0 ? 0 : random.nextInt(2_000_000);
                        Turnstile turnstile = random.nextBoolean() ? kept : Turnstile.of(database);
                        try {
                            Turnstile.Pass pass = turnstile.enter(timeout);
                            mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            OtherProcess.addOne(numbers);
                            turns.incrementAndGet();
                            inside.decrementAndGet();
                            if (random.nextInt(8) == 0) {
                                start(() -> {
                                    pass.close();
                                    return null;
                                });
                            } else {
                                pass.close();
                            }
                        } catch (TimeoutException e) {
                            timeOuts.incrementAndGet();
                        } catch (InterruptedException e) {
                            interrupts.incrementAndGet();
                        }
                        if (turnstile != kept) {
                            turnstile.close();
                        }
                    }
                    return null;
                }));
            }
            Actor<Void> interrupter = start(() -> {
                Random random = new Random(seed - 1);
                while (!over.get()) {
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(500));
                    writers.get(random.nextInt(writers.size())).thread.interrupt();
                }
                return null;
            });
            for (Actor<Void> writer : writers) {
                writer.result();
            }
            over.set(true);
            interrupter.result();
            assertThat(other.answer()).isEqualTo("added");

            kept.enter(LONG).close();
            assertThat(other.ask("enter", database)).isEqualTo("entered");
        }
        err.println(turns + " turns, " + timeOuts + " time-outs, " + interrupts + " interrupts");
        assertThat(mostInside).hasValue(1);
        assertThat(OtherProcess.numberIn(numbers)).isEqualTo(2_000L + turns.get());
        assertThat(log()).isEmpty();
    }

    /** Three processes write to one database for a while; what each has committed. */
    static List<Long> commitsOfThreeProcesses(Path database, String how, long millis) throws Exception {
        List<Long> commits = new ArrayList<>();
        try (OtherProcess first = OtherProcess.start();
                OtherProcess second = OtherProcess.start();
                OtherProcess third = OtherProcess.start()) {
            List<OtherProcess> processes = List.of(first, second, third);
            for (OtherProcess process : processes) {
                assertThat(process.ask("open", database)).isEqualTo("open");
            }
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM t");
                statement.execute("INSERT INTO t VALUES (0)");
            }
            processes.forEach(process -> process.tell("write", how, database, millis));
            for (OtherProcess process : processes) {
                commits.add(Long.valueOf(process.answer()));
            }
        }
        return commits;
    }

    private static long committed(Path database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM t")) {
            return row.getLong(1);
        }
    }

    private void assertThreadsTakeTurnsAndTheLossIsLoggedOnce(Path file) throws Exception {
        try (Turnstile turnstile = Turnstile.of(file)) {
            try (Turnstile.Pass ignored = turnstile.enter(LONG)) {
                assertTimesOut(turnstile, SHORT);
                Actor<Turnstile.Pass> waiting = start(() -> turnstile.enter(LONG));
                waiting.awaitParked();
                waiting.thread.interrupt();
                assertThatExceptionOfType(InterruptedException.class).isThrownBy(waiting::result);
            }
            turnstile.enter(LONG).close();
            turnstile.enter(0).close();
        }
        assertThat(log()).containsOnlyOnce("WARN").contains("books.db-lock cannot be locked");
    }

    /** Leaves behind a request that waits in the kernel. */
    private void abandonRequest(Turnstile turnstile) throws Exception {
        Actor<Turnstile.Pass> waiting = start(() -> turnstile.enter(LONG));
        awaitKernel();
        waiting.thread.interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(waiting::result);
    }

    private void awaitKernel() {
        while (!OtherProcess.waitsInKernel(database)) {
            Thread.onSpinWait();
        }
    }

    private static void assertTimesOut(Turnstile turnstile, long timeoutNanos) {
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> turnstile.enter(timeoutNanos));
    }

    private static List<Thread> lockThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("counterfoil-"))
                .toList();
    }

    private String log() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    private <T> Actor<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Actor<T> actor = new Actor<>(new Thread(task), task);
        actors.add(actor);
        actor.thread.setDaemon(true);
        actor.thread.start();
        return actor;
    }

    /** A thread and what comes of it. */
    private record Actor<T>(Thread thread, FutureTask<T> task) {

        T result() throws Exception {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        /** Until the thread waits with a deadline, which it does nowhere but in {@code enter}. */
        void awaitParked() {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
    }
}

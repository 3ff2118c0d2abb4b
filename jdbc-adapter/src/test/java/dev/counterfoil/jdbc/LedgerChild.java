package dev.counterfoil.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The program of a {@link ChildJvm}: does what its input says, and ends with it. Every line is out before the next step. */
final class LedgerChild {
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private JdbcLedger ledger;
    private Connection plain;

    private LedgerChild() {}

    public static void main(String[] args) throws Exception {
        new LedgerChild().run();
    }

    private void run() throws IOException, InterruptedException {
        out.println("up");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                out.println(obey(words));
            } catch (RuntimeException | SQLException e) {
                out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            }
        }
        System.exit(0);
    }

    private String obey(String[] words) throws SQLException, InterruptedException {
        switch (words[0]) {
            case "open" -> {
                ledger = open(words[1], true);
                return "opened";
            }
            case "open-own-commits" -> {
                ledger = open(words[1], false);
                return "opened";
            }
            case "close" -> {
                ledger.close();
                return "closed";
            }
            case "open-till" -> {
                return "done " + ((Applied) ledger.apply(Till.opening())).replayed();
            }
            case "for" -> {
                return "done " + writeFor(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[1])), words[2]);
            }
            case "write" -> {
                return write(Integer.parseInt(words[1]), words[2]);
            }
            case "send" -> {
                return send(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
            }
            case "hold" -> {
                plain = DriverManager.getConnection(words[1]);
                return execute("BEGIN IMMEDIATE", "held");
            }
            case "let-go" -> {
                return execute("COMMIT", "free");
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static JdbcLedger open(String url, boolean shared) {
        if (url.startsWith("jdbc:sqlite:")) {
            return JdbcLedger.builder(url).createSchema().groupCommit(shared).build();
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        return JdbcLedger.builder(new HikariDataSource(config))
                .createSchema()
                .timeout(Duration.ofSeconds(60))
                .groupCommit(shared)
                .build();
    }

    private String execute(String sql, String answer) throws SQLException {
        try (Statement statement = plain.createStatement()) {
            statement.execute(sql);
            return answer;
        }
    }

    /** Counts what one thread commits in a time. */
    private long writeFor(long nanos, String name) {
        long end = System.nanoTime() + nanos;
        long n = 0;
        while (System.nanoTime() < end) {
            ledger.apply(Till.transfer(name + "-" + n++));
        }
        return n;
    }

    /** Writes with some threads until it is killed, and says what became of each key. */
    private String write(int threads, String name) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        return together(threads, () -> {
            while (true) {
                String key = name + "-" + next.getAndIncrement();
                Outcome outcome = ledger.apply(Till.transfer(key));
                out.println(key + " " + outcome.getClass().getSimpleName());
            }
        });
    }

    /**
     * Sends keys that others send too: the first half in the order that all have, so that they meet at the keys, the second
     * in an order of its own. Says of each whether it was decided here, and the answer.
     */
    private String send(int threads, int count, long seed) throws InterruptedException {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order.subList(count / 2, count), new Random(seed));
        AtomicInteger next = new AtomicInteger();
        return together(threads, () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                String key = "both-" + order.get(i);
                Decision decision = (Decision) ledger.apply(Till.transfer(key));
                String answer = decision.toString().replace("replayed=true", "replayed=false");
                out.println(key + " " + (decision.replayed() ? "replayed " : "decided ") + answer);
            }
        });
    }

    private String together(int threads, Runnable work) throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    out.println("fault " + e);
                }
            });
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        return "ended";
    }
}

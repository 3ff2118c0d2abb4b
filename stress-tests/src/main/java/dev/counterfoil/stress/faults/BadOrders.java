package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Strangers lock the rows of cells by SQL of their own, one by one and in any order, and hold them; callers join transactions of
 * their own in any order too. So there are deadlocks, between strangers, and between them and the ledger.
 */
final class BadOrders extends FaultCase {
    private static final int STRANGERS = 4;
    private static final int MOST_CELLS = 10;

    private final Starter starter;
    private final AtomicLong ended = new AtomicLong();

    BadOrders(String name, Starter starter) {
        super(name, Callers.in(3).joining(), 15);
        this.starter = starter;
    }

    @Override
    Databases databases() throws IOException, InterruptedException, SQLException {
        return starter.start();
    }

    @Override
    void fault(Databases databases, Round round, SplittableRandom random)
            throws IOException, InterruptedException, SQLException {
        round.awaitCalls(random.nextInt(100, 10_000));
        List<Thread> strangers = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            SplittableRandom own = random.split();
            Thread stranger = new Thread(() -> lockSome(round.url(), own), "stranger");
            stranger.start();
            strangers.add(stranger);
        }
        for (Thread stranger : strangers) {
            stranger.join();
        }
    }

    private void lockSome(String url, SplittableRandom random) {
        try (Connection connection = DriverManager.getConnection(url)) {
            List<Long> cells = cells(connection);
            Collections.shuffle(cells, new Random(random.nextLong()));
            connection.setAutoCommit(false);
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT version FROM counterfoil_cell WHERE id = ? FOR UPDATE")) {
                for (long cell : cells.subList(0, random.nextInt(2, MOST_CELLS))) {
                    lock.setLong(1, cell);
                    lock.executeQuery().close();
                    Thread.sleep(random.nextInt(60));
                }
            }
            Thread.sleep(random.nextInt(700));
            connection.rollback();
        } catch (SQLException e) {
            // It was the one whom the server ended.
            ended.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Long> cells(Connection connection) throws SQLException {
        List<Long> cells = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM counterfoil_cell ORDER BY id")) {
            while (rows.next()) {
                cells.add(rows.getLong(1));
            }
        }
        return cells;
    }

    @Override
    long met(Databases databases, int asked) {
        return (long) asked * STRANGERS;
    }

    @Override
    public List<Result> run(Size size, long seed) throws Exception {
        List<Result> results = super.run(size, seed);
        System.out.printf("%s: the server ended %d of the strangers%n", name(), ended.get());
        return results;
    }
}

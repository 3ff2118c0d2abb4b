package dev.counterfoil.benchmarks.peers;

import dev.counterfoil.benchmarks.load.Transfer;
import jakarta.persistence.OptimisticLockException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;

/**
 * Hibernate with a {@code @Version}: who finds that somebody else was quicker begins again, after a pause that is drawn and
 * grows. It writes in batches, takes its identifiers in blocks, and touches rows in the order of the accounts, so that nobody
 * waits in a circle.
 */
public final class HibernatePeer extends JdbcPeer {
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final int DOUBLINGS = 5;

    private final SessionFactory sessions;
    private final LongAdder retries = new LongAdder();

    /** With new tables. */
    public HibernatePeer(Place place) throws SQLException {
        super(place);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE transfer ALTER id DROP IDENTITY");
            statement.execute("CREATE SEQUENCE transfer_block INCREMENT 50");
        }
        Configuration configuration = new Configuration()
                .addAnnotatedClass(HibernateRows.Account.class)
                .addAnnotatedClass(HibernateRows.Transfer.class)
                .addAnnotatedClass(HibernateRows.Entry.class);
        configuration.getProperties().put("jakarta.persistence.nonJtaDataSource", pool);
        sessions = configuration
                .setProperty("hibernate.jdbc.batch_size", "20")
                .setProperty("hibernate.order_inserts", "true")
                .setProperty("hibernate.order_updates", "true")
                .buildSessionFactory();
    }

    @Override
    public boolean transfer(Transfer transfer) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                return once(transfer);
            } catch (OptimisticLockException | ConstraintViolationException e) {
                // Somebody else was quicker: with the version, with the next entry, or with the key.
                retries.increment();
                long pause = FIRST_PAUSE_NANOS << Math.min(attempt, DOUBLINGS);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause));
                if (Thread.interrupted()) {
                    throw new InterruptedException("after " + attempt + " attempts");
                }
            }
        }
    }

    private boolean once(Transfer transfer) {
        try (Session session = sessions.openSession()) {
            Transaction transaction = session.beginTransaction();
            try {
                boolean yes = inside(session, transfer);
                transaction.commit();
                return yes;
            } catch (RuntimeException e) {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
                throw e;
            }
        }
    }

    private static boolean inside(Session session, Transfer transfer) {
        List<HibernateRows.Transfer> earlier = session.createSelectionQuery(
                        "from TransferRow where key = :key", HibernateRows.Transfer.class)
                .setParameter("key", transfer.key())
                .getResultList();
        if (!earlier.isEmpty()) {
            return earlier.get(0).isApplied(transfer);
        }
        int low = Math.min(transfer.from(), transfer.to());
        int high = Math.max(transfer.from(), transfer.to());
        List<HibernateRows.Account> both =
                session.findMultiple(HibernateRows.Account.class, List.of((long) low, (long) high));
        HibernateRows.Account from = both.get(transfer.from() == low ? 0 : 1);
        boolean yes = from.has(transfer.amount());
        HibernateRows.Transfer row = new HibernateRows.Transfer(transfer, yes);
        session.persist(row);
        if (yes) {
            for (HibernateRows.Account account : both) {
                session.persist(
                        account.move(account.equals(from) ? transfer.amount().negate() : transfer.amount(), row));
            }
        }
        return yes;
    }

    @Override
    public long conflicts() {
        return retries.sum();
    }

    @Override
    public void close() {
        sessions.close();
        super.close();
    }
}

package dev.counterfoil.benchmarks.peers;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;

/** The rows as Hibernate wants them. */
final class HibernateRows {
    private HibernateRows() {}

    /** A balance. */
    @Entity(name = "AccountRow")
    @Table(name = "account")
    static class Account {
        @Id
        private long id;

        private BigDecimal balance = BigDecimal.ZERO;

        @Version
        private long version;

        boolean has(BigDecimal amount) {
            return balance.compareTo(amount) >= 0;
        }

        Entry move(BigDecimal delta, Transfer transfer) {
            balance = balance.add(delta);
            return new Entry(id, version + 1, transfer.id, delta, balance);
        }
    }

    /** How a key was decided. */
    @Entity(name = "TransferRow")
    @Table(name = "transfer")
    static class Transfer {
        @Id
        @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "transfer_block")
        @SequenceGenerator(name = "transfer_block", sequenceName = "transfer_block", allocationSize = 50)
        private long id;

        @Column(name = "key")
        private String key = "";

        @Column(name = "from_id")
        private long from;

        @Column(name = "to_id")
        private long to;

        private BigDecimal amount = BigDecimal.ZERO;
        private boolean applied;

        @Column(name = "recorded_at")
        private Instant recordedAt = Instant.EPOCH;

        /** For Hibernate. */
        protected Transfer() {}

        Transfer(dev.counterfoil.benchmarks.load.Transfer transfer, boolean applied) {
            this.key = transfer.key();
            this.from = transfer.from();
            this.to = transfer.to();
            this.amount = transfer.amount();
            this.applied = applied;
            this.recordedAt = Instant.now();
        }

        boolean isApplied(dev.counterfoil.benchmarks.load.Transfer repeat) {
            if (from != repeat.from() || to != repeat.to() || amount.compareTo(repeat.amount()) != 0) {
                throw new IllegalStateException("key " + key + ": was used for something else, at " + recordedAt);
            }
            return applied;
        }
    }

    /** One of the two entries of a transfer. */
    @Entity(name = "EntryRow")
    @Table(name = "entry")
    @IdClass(EntryId.class)
    static class Entry {
        @Id
        @Column(name = "account_id")
        private long accountId;

        @Id
        private long sequence;

        @Column(name = "transfer_id")
        private long transferId;

        private BigDecimal delta = BigDecimal.ZERO;
        private BigDecimal balance = BigDecimal.ZERO;

        @Column(name = "recorded_at")
        private Instant recordedAt = Instant.EPOCH;

        /** For Hibernate. */
        protected Entry() {}

        Entry(long accountId, long sequence, long transferId, BigDecimal delta, BigDecimal balance) {
            this.accountId = accountId;
            this.sequence = sequence;
            this.transferId = transferId;
            this.delta = delta;
            this.balance = balance;
            this.recordedAt = Instant.now();
        }

        @Override
        public String toString() {
            return accountId + "/" + sequence + " of " + transferId + ": " + delta + ", " + balance + ", " + recordedAt;
        }
    }

    /** What names an entry. */
    record EntryId(long accountId, long sequence) implements Serializable {}
}

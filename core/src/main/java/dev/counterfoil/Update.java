package dev.counterfoil;

import dev.counterfoil.internal.Amounts;
import dev.counterfoil.internal.Reversals;
import dev.counterfoil.internal.Texts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Operations in order under one idempotency key: all of them take effect, or none.
 *
 * <p>Bad input is refused where it is handed in, with an {@link IllegalArgumentException} or a {@link NullPointerException}
 * that names the field and the rule; nothing is sent then.
 */
public final class Update implements Proposal {
    /** The most operations that an update may have; a transfer is two. */
    public static final int MAX_OPERATIONS = 1000;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private final Key key;
    private final List<Operation> operations;
    private final @Nullable String reference;
    private final @Nullable Key reverses;
    private final @Nullable Instant reversedAt;
    private final @Nullable String metadata;
    private final @Nullable Instant effectiveAt;
    private final @Nullable String force;
    private final boolean balanced;
    private final boolean retryable;

    private Update(Builder from, boolean balanced) {
        this.key = from.key;
        this.operations = List.of(
                from.size == from.operations.length ? from.operations : Arrays.copyOf(from.operations, from.size));
        this.reference = from.reference;
        this.reverses = from.reverses;
        this.reversedAt = from.reversedAt;
        this.metadata = from.metadata;
        this.effectiveAt = from.effectiveAt;
        this.force = from.force;
        this.balanced = balanced;
        this.retryable = from.retryable;
    }

    /** Begins an update under a key of the empty scope. Mint the key before the first send, and keep it. */
    public static Builder of(String key) {
        return of(Key.of(key));
    }

    /** Begins an update under a key. */
    public static Builder of(Key key) {
        return new Builder(Objects.requireNonNull(key, "key"), null, null);
    }

    /** As {@link #reversalOf(Key, Receipt)}, under a key of the empty scope. */
    public static Builder reversalOf(String key, Receipt receipt) {
        return reversalOf(Key.of(key), receipt);
    }

    /**
     * Begins the reversal of an applied update: the opposite increments in reverse order. Registers and journals stay as they
     * are; operations that move no money may be added. At most one reversal of an update is ever applied, whoever asks.
     *
     * <p>The receipt must have its details. If those of the update were {@linkplain Ledger#prune pruned} in the store, one that
     * was kept elsewhere still serves: the update of its key must then have been recorded at the very time that it says.
     *
     * @throws IllegalArgumentException if the receipt is pruned, or has no increment to reverse
     */
    public static Builder reversalOf(Key key, Receipt receipt) {
        if (receipt.pruned()) {
            throw new IllegalArgumentException(
                    "receipt: its details are pruned, so what is to be reversed is not known;"
                            + " use one that was kept from before, or post the opposite amounts, which the histories tell, as an"
                            + " update of its own");
        }
        Builder builder = new Builder(Objects.requireNonNull(key, "key"), receipt.key(), receipt.recordedAt());
        Reversals.of(receipt).forEach(builder::put);
        if (builder.size == 0) {
            throw new IllegalArgumentException("receipt: the update moved no money, there is nothing to reverse");
        }
        return builder;
    }

    /** The idempotency key. */
    public Key key() {
        return key;
    }

    /** The operations, in order: 1 to 1,000. */
    public List<Operation> operations() {
        return operations;
    }

    /** The business reference, unique among the applied updates of a namespace, or null. */
    public @Nullable String reference() {
        return reference;
    }

    /** The key of the update that this one reverses, or null. */
    public @Nullable Key reverses() {
        return reverses;
    }

    /** When the update that this one reverses was recorded, as its receipt says, or null. No part of the content. */
    public @Nullable Instant reversedAt() {
        return reversedAt;
    }

    /** The caller's own text, kept with the decision, or null. */
    public @Nullable String metadata() {
        return metadata;
    }

    /** The caller's own time for it, in microseconds, or null. */
    public @Nullable Instant effectiveAt() {
        return effectiveAt;
    }

    /** The reason for which increments may pass limits, or null where they may not. */
    public @Nullable String force() {
        return force;
    }

    /** True where the amounts that it moves sum to zero in each unit. */
    public boolean balanced() {
        return balanced;
    }

    /** True where a refusal is not kept, and the key may be sent again. */
    public boolean retryable() {
        return retryable;
    }

    /** The key and the number of operations; amounts and payloads are left out. */
    @Override
    public String toString() {
        return "Update[key=" + key + ", operations=" + operations.size() + "]";
    }

    /** Collects the operations of an update, in order. Not safe for use by several threads at once. */
    public static final class Builder {
        private final Key key;
        private final @Nullable Key reverses;
        private final @Nullable Instant reversedAt;
        private Operation[] operations = new Operation[2];
        private int size;
        private @Nullable String reference;
        private @Nullable String metadata;
        private @Nullable Instant effectiveAt;
        private @Nullable String force;
        private boolean balanced;
        private boolean retryable;
        private int transferred;

        private Builder(Key key, @Nullable Key reverses, @Nullable Instant reversedAt) {
            this.key = key;
            this.reverses = reverses;
            this.reversedAt = reversedAt;
        }

        /** Makes a balance of zero without limits. */
        public Builder open(BalanceId cell) {
            return open(cell, BigDecimal.ZERO, Limits.none());
        }

        /** Makes a balance with a first amount and limits. */
        public Builder open(BalanceId cell, BigDecimal first, Limits limits) {
            return money(new Operation.OpenBalance(cell, first, limits, false));
        }

        /** As {@link #open(BalanceId, BigDecimal, Limits)}, with a plain decimal string such as {@code "1000.00"}. */
        public Builder open(BalanceId cell, String first, Limits limits) {
            return open(cell, Amounts.in(unit(cell), "first amount", first), limits);
        }

        /** As {@link #open(BalanceId, BigDecimal, Limits)}, for units of scale 0. */
        public Builder open(BalanceId cell, long first, Limits limits) {
            return open(cell, Amounts.whole(unit(cell), "first amount", first), limits);
        }

        /** Makes a register with a first text. */
        public Builder open(RegisterId cell, String value) {
            return put(new Operation.OpenRegister(cell, value, false));
        }

        /** Makes a journal. */
        public Builder open(JournalId cell) {
            return put(new Operation.OpenJournal(cell, false));
        }

        /** Makes a balance of zero without limits, where none of this unit is there. */
        public Builder openIfAbsent(BalanceId cell) {
            return openIfAbsent(cell, BigDecimal.ZERO, Limits.none());
        }

        /** Makes a balance with a first amount and limits, where none of this unit is there; else changes nothing. */
        public Builder openIfAbsent(BalanceId cell, BigDecimal first, Limits limits) {
            return money(new Operation.OpenBalance(cell, first, limits, true));
        }

        /** As {@link #openIfAbsent(BalanceId, BigDecimal, Limits)}, with a plain decimal string. */
        public Builder openIfAbsent(BalanceId cell, String first, Limits limits) {
            return openIfAbsent(cell, Amounts.in(unit(cell), "first amount", first), limits);
        }

        /** As {@link #openIfAbsent(BalanceId, BigDecimal, Limits)}, for units of scale 0. */
        public Builder openIfAbsent(BalanceId cell, long first, Limits limits) {
            return openIfAbsent(cell, Amounts.whole(unit(cell), "first amount", first), limits);
        }

        /** Makes a register with a first text, where none is there; else changes nothing. */
        public Builder openIfAbsent(RegisterId cell, String value) {
            return put(new Operation.OpenRegister(cell, value, true));
        }

        /** Makes a journal, where none is there; else changes nothing. */
        public Builder openIfAbsent(JournalId cell) {
            return put(new Operation.OpenJournal(cell, true));
        }

        /** Adds a signed amount, not zero. */
        public Builder increment(BalanceId cell, BigDecimal amount) {
            return money(new Operation.Increment(cell, amount));
        }

        /** As {@link #increment(BalanceId, BigDecimal)}, with a plain decimal string such as {@code "-800.00"}. */
        public Builder increment(BalanceId cell, String amount) {
            return increment(cell, Amounts.in(unit(cell), "amount", amount));
        }

        /** As {@link #increment(BalanceId, BigDecimal)}, for units of scale 0. */
        public Builder increment(BalanceId cell, long amount) {
            return increment(cell, Amounts.whole(unit(cell), "amount", amount));
        }

        /** Adds an amount above zero. */
        public Builder add(BalanceId cell, BigDecimal amount) {
            return increment(cell, positive(cell, amount));
        }

        /** As {@link #add(BalanceId, BigDecimal)}, with a plain decimal string such as {@code "800.00"}. */
        public Builder add(BalanceId cell, String amount) {
            return add(cell, Amounts.in(unit(cell), "amount", amount));
        }

        /** As {@link #add(BalanceId, BigDecimal)}, for units of scale 0. */
        public Builder add(BalanceId cell, long amount) {
            return add(cell, Amounts.whole(unit(cell), "amount", amount));
        }

        /** Takes an amount above zero; refused if that would break the limits. */
        public Builder take(BalanceId cell, BigDecimal amount) {
            return increment(cell, positive(cell, amount).negate());
        }

        /** As {@link #take(BalanceId, BigDecimal)}, with a plain decimal string such as {@code "800.00"}. */
        public Builder take(BalanceId cell, String amount) {
            return take(cell, Amounts.in(unit(cell), "amount", amount));
        }

        /** As {@link #take(BalanceId, BigDecimal)}, for units of scale 0. */
        public Builder take(BalanceId cell, long amount) {
            return take(cell, Amounts.whole(unit(cell), "amount", amount));
        }

        /** Takes an amount above zero from one balance and adds it to another of the same unit. */
        public Builder transfer(BalanceId from, BalanceId to, BigDecimal amount) {
            Unit unit = unit(from);
            if (!unit.equals(unit(to))) {
                throw new IllegalArgumentException("transfer from " + from + " in " + unit + " to " + to + " in "
                        + to.unit() + ": must be of one unit");
            }
            if (from.equals(to)) {
                throw new IllegalArgumentException("transfer from " + from + ": must go to another balance");
            }
            BigDecimal moved = positive(from, amount);
            // Both or none: a builder that goes on after a refusal must not hold half a transfer.
            checkRoom(2);
            increment(from, moved.negate());
            increment(to, moved);
            transferred += 2;
            return this;
        }

        /** As {@link #transfer(BalanceId, BalanceId, BigDecimal)}, with a plain decimal string such as {@code "800.00"}. */
        public Builder transfer(BalanceId from, BalanceId to, String amount) {
            return transfer(from, to, Amounts.in(unit(from), "amount", amount));
        }

        /** As {@link #transfer(BalanceId, BalanceId, BigDecimal)}, for units of scale 0. */
        public Builder transfer(BalanceId from, BalanceId to, long amount) {
            return transfer(from, to, Amounts.whole(unit(from), "amount", amount));
        }

        /** Sets a register that has the expected text; refused with VALUE_DIFFERS where it has another. */
        public Builder compareAndSet(RegisterId cell, String expected, String next) {
            return put(new Operation.CompareAndSet(cell, expected, next));
        }

        /** Adds one record to a journal. */
        public Builder append(JournalId cell, String payload) {
            return put(new Operation.Append(cell, payload));
        }

        /** Gives a balance other limits; its amount may lie outside them. */
        public Builder setLimits(BalanceId cell, Limits limits) {
            return put(new Operation.SetLimits(cell, limits));
        }

        /** Closes a cell; a balance must be zero. */
        public Builder close(CellId cell) {
            return put(new Operation.Close(cell));
        }

        /** Opens a closed cell again. */
        public Builder reopen(CellId cell) {
            return put(new Operation.Reopen(cell));
        }

        /** Asks that a balance is not below an amount at this place in the order. */
        public Builder requireAtLeast(BalanceId cell, BigDecimal amount) {
            return put(new Operation.RequireAtLeast(cell, amount));
        }

        /** As {@link #requireAtLeast(BalanceId, BigDecimal)}, with a plain decimal string. */
        public Builder requireAtLeast(BalanceId cell, String amount) {
            return requireAtLeast(cell, Amounts.in(unit(cell), "required amount", amount));
        }

        /** As {@link #requireAtLeast(BalanceId, BigDecimal)}, for units of scale 0. */
        public Builder requireAtLeast(BalanceId cell, long amount) {
            return requireAtLeast(cell, Amounts.whole(unit(cell), "required amount", amount));
        }

        /** Asks that a balance is not above an amount at this place in the order. */
        public Builder requireAtMost(BalanceId cell, BigDecimal amount) {
            return put(new Operation.RequireAtMost(cell, amount));
        }

        /** As {@link #requireAtMost(BalanceId, BigDecimal)}, with a plain decimal string. */
        public Builder requireAtMost(BalanceId cell, String amount) {
            return requireAtMost(cell, Amounts.in(unit(cell), "required amount", amount));
        }

        /** As {@link #requireAtMost(BalanceId, BigDecimal)}, for units of scale 0. */
        public Builder requireAtMost(BalanceId cell, long amount) {
            return requireAtMost(cell, Amounts.whole(unit(cell), "required amount", amount));
        }

        /** Asks that a register has a text at this place in the order. */
        public Builder requireValue(RegisterId cell, String value) {
            return put(new Operation.RequireValue(cell, value));
        }

        /**
         * Asks that a cell has the version that was read; a difference is never kept under the key. Put it before what would
         * be refused for the same reason, because the first refusal counts.
         */
        public Builder requireVersion(CellId cell, long version) {
            return put(new Operation.RequireVersion(cell, version));
        }

        /** Asks that a cell is there and not closed. */
        public Builder requireOpen(CellId cell) {
            return put(new Operation.RequireOpen(cell));
        }

        /**
         * Claims a business reference ("invoice/42/payment"): 1 to 255 bytes, unique among the applied updates of a
         * namespace.
         */
        public Builder reference(String reference) {
            this.reference = Texts.name("reference", reference, 255);
            return this;
        }

        /**
         * Keeps a text with the decision: at most 64 KiB. It is no part of what makes a repeat the same; the first one
         * wins.
         */
        public Builder metadata(String metadata) {
            this.metadata = Texts.value("metadata", metadata);
            return this;
        }

        /** Keeps the caller's own time with the decision, cut to microseconds: years 1 to 9999. The first one wins. */
        public Builder effectiveAt(Instant effectiveAt) {
            Instant cut = Objects.requireNonNull(effectiveAt, "effectiveAt").truncatedTo(ChronoUnit.MICROS);
            if (cut.isBefore(EARLIEST) || cut.isAfter(LATEST)) {
                throw new IllegalArgumentException("effectiveAt: must lie in the years 1 to 9999");
            }
            this.effectiveAt = cut;
            return this;
        }

        /**
         * Lets the increments of this update pass limits, for a reason that is kept with each entry that did: 1 to 255
         * bytes.
         */
        public Builder force(String reason) {
            this.force = Texts.remark("reason", reason, 255);
            return this;
        }

        /**
         * Asks that the amounts sum to zero in each unit, first amounts included. An update whose money moves by
         * transfers only is marked so anyhow.
         */
        public Builder balanced() {
            this.balanced = true;
            return this;
        }

        /** Keeps no refusal: if this update is refused, the same key may be sent again and is decided anew. */
        public Builder retryable() {
            this.retryable = true;
            return this;
        }

        /**
         * The update.
         *
         * @throws IllegalArgumentException if there is no operation, there are more than 1,000, or {@link #balanced()} was
         *     asked for and the amounts do not sum to zero
         */
        public Update build() {
            if (size == 0) {
                throw new IllegalArgumentException("update: must have at least one operation");
            }
            if (balanced) {
                checkBalance();
            }
            return new Update(this, balanced || movesByTransfersOnly());
        }

        private Builder money(Operation operation) {
            if (reverses != null) {
                throw new IllegalArgumentException("reversal: operations that move money cannot be added");
            }
            return put(operation);
        }

        private Builder put(Operation operation) {
            checkRoom(1);
            if (size == operations.length) {
                operations = Arrays.copyOf(operations, 2 * size);
            }
            operations[size++] = operation;
            return this;
        }

        private void checkRoom(int more) {
            if (size > MAX_OPERATIONS - more) {
                throw new IllegalArgumentException("update: must have at most " + MAX_OPERATIONS + " operations");
            }
        }

        private boolean movesByTransfersOnly() {
            int moving = 0;
            for (int i = 0; i < size; i++) {
                moving += moved(operations[i]).signum() == 0 ? 0 : 1;
            }
            return moving > 0 && moving == transferred;
        }

        private void checkBalance() {
            Map<Unit, BigDecimal> sums = new HashMap<>();
            for (int i = 0; i < size; i++) {
                Operation operation = operations[i];
                BigDecimal moved = moved(operation);
                if (moved.signum() == 0) {
                    continue;
                }
                if (operation instanceof Operation.OpenBalance open && open.ifAbsent()) {
                    throw new IllegalArgumentException("balanced update: the first amount of openIfAbsent must be zero,"
                            + " because it counts only where the cell is not there");
                }
                sums.merge(unit((BalanceId) operation.cell()), moved, BigDecimal::add);
            }
            sums.forEach((unit, sum) -> {
                if (sum.signum() != 0) {
                    throw new IllegalArgumentException("balanced update: the amounts in " + unit + " must sum to zero");
                }
            });
        }

        private static BigDecimal moved(Operation operation) {
            if (operation instanceof Operation.Increment increment) {
                return increment.amount();
            }
            return operation instanceof Operation.OpenBalance open ? open.first() : BigDecimal.ZERO;
        }

        private static BigDecimal positive(BalanceId cell, BigDecimal amount) {
            return Amounts.positive("amount", Amounts.in(unit(cell), "amount", amount));
        }

        private static Unit unit(BalanceId cell) {
            return Objects.requireNonNull(cell, "balance").unit();
        }
    }
}

package dev.counterfoil.stress;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Operations on three accounts at once: transfers, a register that is compared and set, functions, and reads of all. */
@Param(name = "key", gen = IntGen.class, conf = "1:3")
@Param(name = "account", gen = IntGen.class, conf = "0:2")
public abstract class SeveralCells {
    private static final List<BalanceId> BALANCES = List.of(balance("a"), balance("b"), balance("c"));
    private static final RegisterId OWNER = AccountId.of("till", "a").register("owner");

    private final Ledger ledger;

    /** The operations on a ledger, which is empty. */
    protected SeveralCells(Ledger ledger) {
        this.ledger = ledger;
        Update.Builder open = Update.of("open").open(OWNER, "0");
        BALANCES.forEach(balance -> open.open(balance, 1, Limits.nonNegative()));
        ledger.apply(open.build()).orThrow();
    }

    private static BalanceId balance(String account) {
        return AccountId.of("till", account).balance("cash", Unit.of("ONE", 0));
    }

    /** Moves one to the next account, if there is one. */
    @Operation
    public String transfer(@Param(name = "key") int key, @Param(name = "account") int from) {
        BalanceId to = BALANCES.get((from + 1) % BALANCES.size());
        return Told.by(
                ledger,
                Update.of("transfer " + key).transfer(BALANCES.get(from), to, 1).build());
    }

    /** Sets the owner, if it is the one before, and pays him; a key that was used for another is told so. */
    @Operation
    public String own(@Param(name = "key") int key, @Param(name = "account") int before) {
        return Told.by(
                ledger,
                Update.of("own " + key)
                        .compareAndSet(OWNER, Integer.toString(before), Integer.toString((before + 1) % 3))
                        .add(BALANCES.get(before), 1)
                        .build());
    }

    /** Takes from the first account what the second has, by a function of what it reads. */
    @Operation
    public String decide(@Param(name = "key") int key) {
        BalanceId from = BALANCES.get(0);
        BalanceId other = BALANCES.get(1);
        return Told.of(() -> ledger.decide("decide " + key, "take", List.of(from, other), now -> {
            var amount = now.balance(other);
            return amount.signum() == 0
                    ? now.decline("NOTHING", "there is nothing to take")
                    : now.update().take(from, amount).build();
        }));
    }

    /** Reads all accounts. */
    @Operation
    public String read() {
        var all = ledger.read(BALANCES.stream().map(BalanceId::account).toArray(AccountId[]::new));
        return BALANCES.stream().map(all::balance).toList() + " of " + all.register(OWNER);
    }
}

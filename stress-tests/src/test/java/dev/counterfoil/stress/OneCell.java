package dev.counterfoil.stress;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Operations on one balance: under keys of their own, under keys that repeat, with a limit, and reads. */
@Param(name = "key", gen = IntGen.class, conf = "1:3")
public abstract class OneCell {
    private static final BalanceId BALANCE = AccountId.of("till", "1").balance("cash", Unit.of("ONE", 0));

    private final Ledger ledger;

    /** The operations on a ledger, which is empty. */
    protected OneCell(Ledger ledger) {
        this.ledger = ledger;
        ledger.apply(Update.of("open").open(BALANCE, 1, Limits.nonNegative()).build())
                .orThrow();
    }

    /** Adds one; a key that was used before answers with the receipt of then. */
    @Operation
    public String add(@Param(name = "key") int key) {
        return told(ledger.apply(Update.of("add " + key).add(BALANCE, 1).build()));
    }

    /** Takes one, if there is one; what was refused once is refused for ever. */
    @Operation
    public String take(@Param(name = "key") int key) {
        return told(ledger.apply(Update.of("take " + key).take(BALANCE, 1).build()));
    }

    /** Reads the amount and the version. */
    @Operation
    public String read() {
        var cell = ledger.read(BALANCE.account()).find(BALANCE).orElseThrow();
        return cell.amount() + " in version " + cell.version();
    }

    private static String told(Outcome outcome) {
        return outcome instanceof Applied applied
                ? Told.of(outcome) + ": " + applied.receipt().balance(BALANCE)
                : Told.of(outcome);
    }
}

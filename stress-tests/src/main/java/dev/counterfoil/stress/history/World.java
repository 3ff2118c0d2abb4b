package dev.counterfoil.stress.history;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The accounts of a load: each has {@code money}, which is moved between accounts and never made, {@code points}, a register
 * {@code status} and a journal {@code log}.
 *
 * @param accounts how many; few of them meet often
 */
public record World(int accounts) {
    /** The kind of all its accounts. */
    public static final String KIND = "load";

    /** The name of the balances whose sum never changes. */
    public static final String MONEY = "money";

    /** The register's first text. */
    static final String NEW = "new";

    private static final Unit SAR = Unit.of("SAR", 2);
    private static final Unit POINTS = Unit.of("POINTS", 0);

    /** Makes the accounts, where they are not there. */
    public void open(Ledger ledger) {
        for (AccountId account : all()) {
            ledger.apply(Update.of(opening(account))
                            .open(money(account), "100.00", Limits.between("0", "250"))
                            .open(points(account), 10, Limits.between("0", "40"))
                            .open(status(account), NEW)
                            .open(log(account))
                            .build())
                    .orThrow();
        }
    }

    /** The key under which an account is made. */
    static String opening(AccountId account) {
        return "open-" + account.id();
    }

    List<AccountId> all() {
        return IntStream.range(0, accounts).mapToObj(World::account).toList();
    }

    static AccountId account(int number) {
        return AccountId.of(KIND, Integer.toString(number));
    }

    static BalanceId money(AccountId account) {
        return account.balance(MONEY, SAR);
    }

    static BalanceId points(AccountId account) {
        return account.balance("points", POINTS);
    }

    static RegisterId status(AccountId account) {
        return account.register("status");
    }

    static JournalId log(AccountId account) {
        return account.journal("log");
    }

    /** The account that a history calls {@code load/1}. */
    static AccountId account(String name) {
        String[] parts = name.split("/", -1);
        return AccountId.of(parts[0], parts[1]);
    }

    /** The cell that a history calls {@code load/1:money}. */
    static CellId cell(String name) {
        String[] parts = name.split(":", -1);
        AccountId account = account(parts[0]);
        return switch (parts[1]) {
            case MONEY -> money(account);
            case "points" -> points(account);
            case "status" -> status(account);
            case "log" -> log(account);
            default -> throw new IllegalArgumentException(name);
        };
    }
}

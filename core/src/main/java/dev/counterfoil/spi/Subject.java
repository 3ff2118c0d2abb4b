package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Key;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.Operation;
import dev.counterfoil.Update;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call is about, for listener and log.
 *
 * @param call what was called
 * @param namespace the namespace
 * @param key the key, if it has one
 * @param accounts the accounts that it names, each once
 * @param content what nobody is told unless he asks for it: operations, or the request of a decide
 */
record Subject(
        LedgerEvent.Call call,
        String namespace,
        @Nullable Key key,
        List<AccountId> accounts,
        @Nullable Object content) {

    static Subject of(LedgerEvent.Call call, String namespace, Update update) {
        return new Subject(call, namespace, update.key(), accounts(update.operations()), update.operations());
    }

    static Subject of(String namespace, Request.Deciding deciding, String request) {
        return new Subject(LedgerEvent.Call.DECIDE, namespace, deciding.key(), accountsOf(deciding.cells()), request);
    }

    private static List<AccountId> accounts(List<Operation> operations) {
        if (operations.isEmpty()) {
            return List.of();
        }
        AccountId first = operations.get(0).cell().account();
        if (operations.size() == 1) {
            return List.of(first);
        }
        if (operations.size() == 2) {
            AccountId second = operations.get(1).cell().account();
            return second.equals(first) ? List.of(first) : List.of(first, second);
        }
        Set<AccountId> all = new LinkedHashSet<>();
        operations.forEach(operation -> all.add(operation.cell().account()));
        return List.copyOf(all);
    }

    private static List<AccountId> accountsOf(Collection<CellAddress> cells) {
        return cells.stream().map(CellAddress::account).distinct().toList();
    }
}

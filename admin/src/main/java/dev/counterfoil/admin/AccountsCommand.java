package dev.counterfoil.admin;

import dev.counterfoil.AccountId;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists accounts. */
@Command(name = "accounts", description = "Lists the accounts of a kind, by id.")
final class AccountsCommand extends LedgerCommand {
    private static final int PAGE = 1000;

    @Parameters(index = "0", paramLabel = "KIND", description = "The kind of account, such as wallet.")
    private String kind = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PREFIX", description = "The beginning of their ids.")
    private String prefix = "";

    @Override
    int run(Books books, Out out) {
        Optional<PageRequest> next = Optional.of(PageRequest.first(PAGE));
        while (next.isPresent()) {
            Page<AccountId> page = books.ledger().accounts(kind, prefix, next.get());
            for (AccountId account : page.items()) {
                out.row(Json.account(Json.record("account"), account), Plain.text(account.toString()));
            }
            out.flush();
            next = page.next();
        }
        return Exit.OK;
    }
}

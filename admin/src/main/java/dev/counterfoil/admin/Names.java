package dev.counterfoil.admin;

import dev.counterfoil.AccountId;
import dev.counterfoil.CellId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Names of accounts and cells as they are written on the command line.
 *
 * <p>An account is {@code kind/id}: a kind has no slash, so the first one ends it. A cell is {@code kind/id:name}, where the last
 * colon begins the name. A name that has a colon itself goes into an option of its own, {@code kind/id --cell name}; then all of
 * the first part is the account, its colons too.
 */
final class Names {
    private Names() {}

    /** The account of a text. */
    static AccountId account(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new TypeConversionException("'" + text + "' is no account: write KIND/ID, such as wallet/42");
        }
        return AccountId.of(text.substring(0, slash), text.substring(slash + 1));
    }

    /** The cell of a text and the option. */
    static CellName cell(String text, @Nullable String option) {
        if (option != null) {
            return new CellName(account(text), option);
        }
        int colon = text.lastIndexOf(':');
        int slash = text.indexOf('/');
        if (slash < 0 || colon < slash) {
            throw new TypeConversionException("'" + text
                    + "' is no cell: write KIND/ID:NAME, such as wallet/42:available, or KIND/ID --cell NAME");
        }
        return new CellName(account(text.substring(0, colon)), text.substring(colon + 1));
    }

    /**
     * A cell by account and name, whatever it is.
     *
     * @param account the account
     * @param name its name in the account
     */
    record CellName(AccountId account, String name) {
        CellName {
            // Checks the name as the library does.
            account.register(name);
        }

        static CellName of(CellId id) {
            return new CellName(id.account(), id.name());
        }

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return notation(account, name);
        }
    }

    /** A cell as it is written on the command line, whatever its name may be. */
    static String notation(AccountId account, String name) {
        return Plain.text(name.contains(":") ? account + " --cell " + name : account + ":" + name);
    }

    /** Reads an account. */
    static final class AccountConverter implements ITypeConverter<AccountId> {
        @Override
        public AccountId convert(String text) {
            try {
                return account(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}

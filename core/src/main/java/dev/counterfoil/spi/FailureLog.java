package dev.counterfoil.spi;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerEvent;
import dev.counterfoil.LedgerException;
import dev.counterfoil.Outcome;
import dev.counterfoil.Rejected;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each failure, in the log of {@link Ledger}: faults and reused keys as warnings, refusals for debugging. A key is
 * named by its hash; amounts, payloads and keys are in it only if that was asked for. What a broken log throws changes nothing.
 */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int MOST_ACCOUNTS = 8;
    private static final int MOST_CLEAR = 2000;

    private final Watching watching;

    FailureLog(Watching watching) {
        this.watching = watching;
    }

    void answered(Subject subject, Outcome outcome) {
        if (outcome instanceof Applied) {
            return;
        }
        try {
            if (outcome instanceof KeyReused) {
                if (LOG.isWarnEnabled()) {
                    LOG.warn(
                            "{}: the key was used before for other content; {}",
                            name(subject),
                            about(subject, outcome));
                }
            } else if (LOG.isDebugEnabled()) {
                Rejected no = (Rejected) outcome;
                LOG.debug(
                        "{}: refused{}: {}; {}",
                        name(subject),
                        no.replayed() ? " as before" : "",
                        no.reason(),
                        about(subject, outcome));
            }
        } catch (Throwable brokenLog) {
            // Nobody is left to be told.
        }
    }

    void failed(Subject subject, LedgerException fault) {
        try {
            if (LOG.isWarnEnabled()) {
                LOG.warn(
                        "{}: {}{}{}: {}; {}",
                        name(subject),
                        fault.fate(),
                        attempts(fault),
                        trouble(fault),
                        fault.getMessage(),
                        about(subject, null));
            }
        } catch (Throwable brokenLog) {
            // Nobody is left to be told.
        }
    }

    void functionThrew(Subject subject, Throwable thrown) {
        try {
            if (LOG.isWarnEnabled()) {
                // Without its message, which is the application's.
                LOG.warn(
                        "{}: NOT_APPLIED: the function threw {}; {}",
                        name(subject),
                        thrown.getClass().getName(),
                        about(subject, null));
            }
        } catch (Throwable brokenLog) {
            // Nobody is left to be told.
        }
    }

    private static String name(Subject subject) {
        return subject.call().name().toLowerCase(Locale.ROOT);
    }

    private static String attempts(LedgerException fault) {
        return switch (fault.attempts()) {
            case 0 -> "";
            case 1 -> " after 1 attempt";
            default -> " after " + fault.attempts() + " attempts";
        };
    }

    private static String trouble(LedgerException fault) {
        LedgerEvent.Trouble trouble = Troubles.of(fault.getCause());
        if (trouble == null) {
            return "";
        }
        String state = trouble.sqlState() == null ? "" : ", SQLState " + trouble.sqlState();
        return " (" + trouble.kind() + " in " + trouble.phase() + state + ")";
    }

    private String about(Subject subject, @Nullable Outcome outcome) {
        StringBuilder line = new StringBuilder("accounts ").append(accounts(subject.accounts()));
        if (!subject.namespace().isEmpty()) {
            line.append(", namespace ").append(subject.namespace());
        }
        Key key = subject.key();
        if (key != null) {
            line.append(", key #").append(watching.keyHash().of(key));
        }
        if (watching.logInClear()) {
            String said = outcome == null || outcome instanceof KeyReused ? "" : ", " + outcome;
            line.append(", in clear: ").append(printable("key " + key + said + ", asked for " + subject.content()));
        }
        return line.toString();
    }

    private static String accounts(List<AccountId> accounts) {
        String more = accounts.size() > MOST_ACCOUNTS ? " and " + (accounts.size() - MOST_ACCOUNTS) + " more" : "";
        return accounts.stream()
                .limit(MOST_ACCOUNTS)
                .map(AccountId::toString)
                .collect(Collectors.joining(", ", "[", "]" + more));
    }

    /** One line, whatever is in it, and not of any length. */
    private static String printable(String text) {
        String cut = text.length() > MOST_CLEAR ? text.substring(0, MOST_CLEAR) + "…" : text;
        return cut.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
    }
}

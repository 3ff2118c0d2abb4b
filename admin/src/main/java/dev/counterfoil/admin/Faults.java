package dev.counterfoil.admin;

import dev.counterfoil.Fate;
import dev.counterfoil.LedgerException;
import dev.counterfoil.NotCorrectableException;
import dev.counterfoil.RefusedException;
import dev.counterfoil.jdbc.SchemaException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What becomes of what a command throws: a line, and an exit code. */
final class Faults {
    /** What a store says of a row that somebody has changed. */
    private static final String UNREADABLE = "a row could not be read";

    private Faults() {}

    /** A command was called wrongly. */
    static int usage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        return say(command, wrong.getMessage() + " (see " + name + " --help)", Exit.USAGE);
    }

    /** A command failed. */
    static int report(Exception fault, CommandLine command, ParseResult parsed) {
        if (command.getCommand() instanceof AdminCommand failed && failed.debug()) {
            fault.printStackTrace(command.getErr());
        }
        if (fault instanceof ParameterException wrong) {
            return usage(wrong, new String[0]);
        }
        if (fault instanceof IllegalArgumentException) {
            return say(command, String.valueOf(fault.getMessage()), Exit.USAGE);
        }
        if (fault instanceof NoException
                || fault instanceof RefusedException
                || fault instanceof NoSuchElementException) {
            return say(command, String.valueOf(fault.getMessage()), Exit.NO);
        }
        if (fault instanceof NotCorrectableException) {
            return say(command, "not corrected: " + fault.getMessage(), Exit.NO);
        }
        if (fault instanceof LedgerException ledger) {
            return ledger.fate() == Fate.UNKNOWN
                    ? say(
                            command,
                            "not known whether it was applied, call it again just so: " + causes(fault),
                            Exit.UNKNOWN)
                    : say(command, notApplied(command, causes(fault)), Exit.FAULT);
        }
        String kind = fault instanceof SchemaException
                        || fault instanceof SQLException
                        || fault instanceof CannotConnectException
                ? ""
                : fault.getClass().getSimpleName() + ": ";
        return say(command, kind + causes(fault), Exit.FAULT);
    }

    private static String notApplied(CommandLine command, String causes) {
        if (command.getCommand() instanceof AdminCommand failed && failed.changes()) {
            return "nothing was changed: " + causes;
        }
        return causes.contains(UNREADABLE) ? causes + "; run verify, which says what is wrong and where" : causes;
    }

    private static int say(CommandLine command, String message, int code) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + Plain.line(message));
        err.flush();
        return code;
    }

    /** The message with those of its causes that say more. */
    private static String causes(Throwable fault) {
        StringBuilder message = new StringBuilder(String.valueOf(fault.getMessage()));
        for (Throwable cause = fault.getCause(); cause != null; cause = cause.getCause()) {
            String more = cause.getMessage();
            if (more != null && message.indexOf(more) < 0) {
                message.append(": ").append(more);
            }
        }
        return message.toString();
    }
}

package dev.counterfoil.admin;

import picocli.CommandLine.Option;

/** Asks before something is done that cannot be undone. */
final class Confirming {
    @Option(
            names = {"-y", "--yes"},
            description = "Does it without asking.")
    private boolean yes;

    /** Goes on where it was confirmed; else a NoException, and a wrong call where nobody is there to ask. */
    void ask(AdminCommand command, String what) {
        if (yes) {
            return;
        }
        Terminal terminal = command.around().terminal();
        if (!terminal.asks()) {
            throw command.wrong("nobody is there to confirm it: add --yes");
        }
        command.around().err().flush();
        String answer = terminal.ask(what + " Go on? [y/N] ");
        if (answer == null || !answer.strip().matches("(?i)y|yes")) {
            throw new NoException("not confirmed; nothing was changed");
        }
    }

    /** Refuses, before anything is looked up, a call that nobody can confirm. */
    void check(AdminCommand command) {
        if (!yes && !command.around().terminal().asks()) {
            ask(command, "");
        }
    }
}

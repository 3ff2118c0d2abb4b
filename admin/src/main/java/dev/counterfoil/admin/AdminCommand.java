package dev.counterfoil.admin;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = CounterfoilAdmin.Version.class,
        sortOptions = false,
        exitCodeListHeading = AdminCommand.EXIT_CODES,
        exitCodeList = {Exit.OK_TEXT, Exit.NO_TEXT, Exit.USAGE_TEXT, Exit.FAULT_TEXT, Exit.UNKNOWN_TEXT})
abstract class AdminCommand implements Callable<Integer> {
    static final String EXIT_CODES = "%nExit codes:%n";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--json",
            order = 90,
            description = "Answer in JSON, in UTF-8: one object, of lists one per line. Amounts are texts, times UTC.")
    private boolean json;

    @Option(names = "--debug", order = 91, description = "Show where in the program a fault came from.")
    private boolean debug;

    final Surroundings around() {
        return ((CounterfoilAdmin) spec.root().userObject()).around();
    }

    final Out out() {
        Surroundings around = around();
        return json ? Out.json(around.json()) : Out.text(around.out());
    }

    final boolean debug() {
        return debug;
    }

    /** True where it is asked after a fault whether something was changed. */
    boolean changes() {
        return true;
    }

    /** A wrong call of this command. */
    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** True where an argument was written behind {@code --}, so that it is no option for sure. */
    final boolean endsOptions() {
        return spec.root().commandLine().getParseResult().originalArgs().contains("--");
    }
}

package dev.counterfoil.admin;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command: what it is called with decides what it does. */
@Command(
        name = CounterfoilAdmin.NAME,
        description = "Looks at the books of a Counterfoil ledger, verifies and corrects them.",
        mixinStandardHelpOptions = true,
        versionProvider = CounterfoilAdmin.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = AdminCommand.EXIT_CODES,
        exitCodeList = {Exit.OK_TEXT, Exit.NO_TEXT, Exit.USAGE_TEXT, Exit.FAULT_TEXT, Exit.UNKNOWN_TEXT},
        subcommands = {
            SchemaCommand.class,
            VerifyCommand.class,
            ShowCommand.class,
            AccountsCommand.class,
            HistoryCommand.class,
            AsOfCommand.class,
            StatementCommand.class,
            TrialBalanceCommand.class,
            ReceiptCommand.class,
            CorrectCommand.class,
            PruneCommand.class
        })
final class CounterfoilAdmin {
    static final String NAME = "counterfoil-admin";

    private final Surroundings around;

    CounterfoilAdmin(Surroundings around) {
        this.around = around;
    }

    public static void main(String[] args) {
        System.exit(run(Surroundings.ofThisProcess(), args));
    }

    /** Runs one command, and gives its exit code. */
    static int run(Surroundings around, String... args) {
        CommandLine command = new CommandLine(new CounterfoilAdmin(around))
                .setOut(around.out())
                .setErr(around.err())
                // A file name behind an @ is an argument like any other.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Faults::usage)
                .setExecutionExceptionHandler(Faults::report);
        try {
            return command.execute(args);
        } finally {
            around.out().flush();
            around.err().flush();
        }
    }

    Surroundings around() {
        return around;
    }

    /** The version that the jar was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = CounterfoilAdmin.class.getPackage().getImplementationVersion();
            return new String[] {NAME + " " + (version == null ? "(not from a jar)" : version)};
        }
    }
}

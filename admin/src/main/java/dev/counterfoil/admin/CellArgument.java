package dev.counterfoil.admin;

import dev.counterfoil.admin.Names.CellName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** A cell on the command line. */
final class CellArgument {
    @Parameters(
            index = "0",
            paramLabel = "KIND/ID:CELL",
            description =
                    "The cell, such as wallet/42:available: the first / ends the kind, the last : begins the name.")
    private String text = "";

    @Option(
            names = "--cell",
            paramLabel = "CELL",
            description = "The cell's name, where it has a : itself; then all of the argument is the account.")
    private @Nullable String option;

    CellName name(AdminCommand command) {
        try {
            return Names.cell(text, option);
        } catch (TypeConversionException | IllegalArgumentException e) {
            throw command.wrong(String.valueOf(e.getMessage()));
        }
    }
}

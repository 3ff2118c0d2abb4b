package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Key;
import dev.counterfoil.NotAppliedException;
import dev.counterfoil.OutcomeUnknownException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a fault becomes: a line and an exit code that says whether the money moved. */
class FaultsTest {
    private final StringWriter err = new StringWriter();

    private int report(Exception fault) {
        return report(fault, new PruneCommand());
    }

    private int report(Exception fault, AdminCommand failed) {
        CommandLine command = new CommandLine(failed).setErr(new PrintWriter(err));
        return Faults.report(fault, command, command.getParseResult());
    }

    @Test
    void whatMayHaveBeenAppliedIsExitCode4() {
        assertThat(report(new OutcomeUnknownException(
                        Key.of("k"), "the answer was lost", new SQLException("connection reset\nby peer"))))
                .isEqualTo(4);
        assertThat(err.toString())
                .contains("call it again just so: the answer was lost: connection reset by peer")
                .hasLineCount(1);
    }

    @Test
    void whatWasNotAppliedIsExitCode3() {
        assertThat(report(new NotAppliedException("no connection", null))).isEqualTo(3);
        assertThat(err.toString()).contains("nothing was changed: no connection");
    }

    @Test
    void whoOnlyReadsIsNotToldThatNothingWasChanged() {
        assertThat(report(new NotAppliedException("no connection", null), new ShowCommand()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("show: no connection").doesNotContain("nothing was changed", "verify");
    }

    @Test
    void whatNobodyForesawIsExitCode3WithItsName() {
        assertThat(report(new IllegalStateException("\u001b[31mred"))).isEqualTo(3);
        assertThat(err.toString()).contains("IllegalStateException: \\u001b[31mred");
    }
}

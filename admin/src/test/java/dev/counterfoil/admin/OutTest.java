package dev.counterfoil.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What an answer looks like where it goes. */
class OutTest {
    @Test
    void whatIsStoredDoesNotReachTheTerminalAsACommandInJsonEither() throws Exception {
        // The second kind of control characters, of which one begins commands of a terminal, and one that turns writing
        // around.
        String stored = "\u001b[2J \u009b2J \u007f \u202e \u2028 \\u009b \"é\"";
        StringWriter written = new StringWriter();
        Out out = Out.json(new PrintWriter(written));

        out.object(Json.record("entry").put("payload", stored));
        out.flush();

        String line = written.toString();
        assertThat(line.strip()).doesNotContain("\u001b", "\u009b", "\u007f", "\u202e", "\u2028");
        assertThat(new ObjectMapper().readTree(line).get("payload").asText()).isEqualTo(stored);
    }
}

package dev.counterfoil.admin;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is around a command.
 *
 * @param out where the answer goes, as text in the characters of the terminal
 * @param json where the answer goes as JSON: the same place, in UTF-8
 * @param err where everything else goes
 * @param terminal whom it can ask
 * @param environment the value of a variable of the environment, or null
 */
record Surroundings(
        PrintWriter out,
        PrintWriter json,
        PrintWriter err,
        Terminal terminal,
        Function<String, @Nullable String> environment) {
    /** Those of the process. */
    static Surroundings ofThisProcess() {
        Charset charset = charset();
        return new Surroundings(
                writer(System.out, charset),
                writer(System.out, StandardCharsets.UTF_8),
                writer(System.err, charset),
                new ProcessTerminal(),
                System::getenv);
    }

    private static PrintWriter writer(PrintStream stream, Charset charset) {
        return new PrintWriter(stream, false, charset);
    }

    /** UTF-8 where the locale names nothing better than ASCII, as that of a cron job or a container. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "UTF-8"));
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }
}

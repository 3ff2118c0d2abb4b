package dev.counterfoil.admin;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The terminal of the process. */
final class ProcessTerminal implements Terminal {
    @Override
    public boolean asks() {
        return isTerminal(0);
    }

    @Override
    public boolean shows() {
        return isTerminal(2);
    }

    /**
     * Java knows only whether both standard input and output are one, so a shell is asked; where there is none, Java. (A newer one
     * always has a console; who is not there then answers with the end of the input.)
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal(int stream) {
        try {
            Process test = new ProcessBuilder("sh", "-c", "test -t " + stream)
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT)
                    .redirectOutput(Redirect.INHERIT)
                    .start();
            return test.waitFor() == 0;
        } catch (IOException e) {
            return System.console() != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public @Nullable String ask(String question) {
        System.err.print(question);
        System.err.flush();
        try {
            // The process ends behind the answer: what else was read with it is nobody's.
            return new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // It would write the question to standard output.
    @Override
    @SuppressWarnings("SystemConsoleNull")
    public char @Nullable [] password(String question) {
        Console console = isTerminal(1) ? System.console() : null;
        return console == null ? null : console.readPassword("%s", question);
    }
}

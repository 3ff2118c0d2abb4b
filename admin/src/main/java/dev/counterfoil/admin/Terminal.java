package dev.counterfoil.admin;

import org.jspecify.annotations.Nullable;

/** The person in front of the command, if there is one. */
interface Terminal {
    /** True where questions can be asked. */
    boolean asks();

    /** True where standard error is shown on a terminal, so that a line can be written over. */
    boolean shows();

    /** The answer to a question, or null where none comes. */
    @Nullable
    String ask(String question);

    /** A password, which is not shown, or null where it cannot be asked for without showing it. */
    char @Nullable [] password(String question);
}

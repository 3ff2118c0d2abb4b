package dev.counterfoil.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.regex.Pattern;

/** What one connection says: just enough of a database's protocol to know when a COMMIT goes by. */
interface Wire {
    /** Waits for what the client sends in one go; EOFException where nothing comes any more. Called by one thread. */
    byte[] next(DataInputStream client) throws IOException;

    /** True where the server, when it has got all of the last request, commits. Called by the same thread. */
    boolean commits();

    /** Told of what the server sends, in pieces as they come. Called by another thread. */
    default void answered(byte[] bytes, int length) {}

    /** True where a statement ends a transaction and keeps it. */
    static boolean isCommit(String sql) {
        return Commit.STATEMENT.matcher(sql).matches();
    }

    /** Holds the pattern. */
    final class Commit {
        private static final Pattern STATEMENT = Pattern.compile("(?is)\\s*(commit|end)\\b(?!\\s+prepared\\b).*");

        private Commit() {}
    }
}

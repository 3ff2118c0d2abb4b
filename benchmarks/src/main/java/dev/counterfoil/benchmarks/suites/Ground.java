package dev.counterfoil.benchmarks.suites;

import java.sql.SQLException;

/** Where the contenders of one case put their tables, each in its own place on the same server. */
interface Ground extends AutoCloseable {
    /** The URL of a new, empty place. */
    String place(String contender) throws Exception;

    @Override
    void close() throws SQLException;

    /** Makes a ground for each case. */
    interface Maker {
        Ground make() throws Exception;
    }
}

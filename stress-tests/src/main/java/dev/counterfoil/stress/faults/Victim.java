package dev.counterfoil.stress.faults;

import java.io.IOException;
import java.sql.SQLException;

/** A database server of this run that is killed, and comes back on the same files and the same port. */
interface Victim extends Databases {
    /** As kill -9 of all its processes at once. Returns when none is left. */
    void kill() throws IOException, InterruptedException;

    /** Starts it again after a kill. Returns when it takes connections. */
    void restart() throws IOException, InterruptedException, SQLException;
}

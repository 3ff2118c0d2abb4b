package dev.counterfoil.stress.faults;

import dev.counterfoil.stress.history.Commits;

/**
 * Who makes the calls of a {@link Round}.
 *
 * @param processes how many processes
 * @param threads how many callers in each
 * @param connections how many connections they share in each
 * @param join true where half of the updates are made in transactions of the callers' own
 * @param commits whose commits they have
 */
record Callers(int processes, int threads, int connections, boolean join, Commits commits) {
    /** Processes of four callers, of whom each has a connection. */
    static Callers in(int processes) {
        return new Callers(processes, 4, 4, false, Commits.SHARED);
    }

    /** The same callers with fewer connections. */
    Callers sharing(int fewer) {
        return new Callers(processes, threads, fewer, join, commits);
    }

    /** The same callers, who have transactions of their own too. */
    Callers joining() {
        return new Callers(processes, threads, connections, true, commits);
    }

    /** The same callers with these commits. */
    Callers with(Commits others) {
        return new Callers(processes, threads, connections, join, others);
    }
}

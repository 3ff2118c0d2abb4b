package dev.counterfoil.examples.harness;

import dev.counterfoil.Ledger;

/** A race, run the way that loses it and the way that ends it. */
public interface Scenario {
    /** What it is called in the report. */
    String title();

    /** How it must end, for people. */
    String mustEndAs();

    /** Runs it by read, decide and write on a plain table, with everybody between the read and the write at once. */
    Loss lossy(PlainTable table) throws InterruptedException;

    /** Runs it with the library and checks how it ended. */
    Ending library(Ledger ledger) throws InterruptedException;
}

package dev.counterfoil.examples.harness;

import java.util.List;

/**
 * How the library's way ended.
 *
 * @param summary what was observed, for people
 * @param problems what was not as it must be; empty where all is right
 */
public record Ending(String summary, List<String> problems) {
    /** Copies the problems. */
    public Ending {
        problems = List.copyOf(problems);
    }
}

package dev.counterfoil.benchmarks.retry;

/** Lets every contender make a call that succeeds at its first attempt, between two marks. */
final class Successes {
    static final String BEGIN = "begin: ";
    static final String END = "end";

    private Successes() {}

    /** Runs. */
    public static void main(String[] args) throws Throwable {
        for (Contender contender : Contender.values()) {
            Contender.Call call = contender.guard().around(new Operation(Situation.SUCCESS));
            // Once before, so that no line is about being loaded.
            call.run();
            System.err.println(BEGIN + contender);
            call.run();
            System.err.println(END);
        }
    }
}

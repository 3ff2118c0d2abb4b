package dev.counterfoil.spi;

/** A cell, a key or a reference, and who in the queue needs it. Used under the lock of the queue. */
final class Claim {
    private final Object name;
    private int users;
    private int waiting;
    private int flying;
    private long passed;
    private int held;

    Claim(Object name) {
        this.name = name;
    }

    Object name() {
        return name;
    }

    boolean isCell() {
        return name instanceof CellAddress;
    }

    void use() {
        users++;
    }

    /** True where nobody needs it any more. */
    boolean free() {
        users--;
        return users == 0;
    }

    void waits(int more) {
        waiting += more;
    }

    boolean isWaitedFor() {
        return waiting > 0;
    }

    void flies(int more) {
        flying += more;
    }

    boolean isFlying() {
        return flying > 0;
    }

    /** Somebody who needs it stays behind in this walk through the queue. */
    void pass(long walk) {
        passed = walk;
    }

    /** True where somebody who needs it stayed behind in this walk through the queue. */
    boolean isPassed(long walk) {
        return passed == walk;
    }

    void holds(int more) {
        held += more;
    }

    /** True where a parked one waits for it, which somebody else holds in the database. */
    boolean isHeld() {
        return held > 0;
    }
}

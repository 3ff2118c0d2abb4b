package dev.counterfoil.spi;

/** How many rows to ask for next, so that a page is neither small nor, where texts are long, more than memory can hold. */
final class PageSize {
    /** So many characters make a page full. */
    private static final long FULL = 4_000_000;

    private final int most;
    private int rows;

    /** Begins with some rows, and goes up to the most while they are light. */
    PageSize(int first, int most) {
        this.rows = first;
        this.most = most;
    }

    int rows() {
        return rows;
    }

    /** Learns from a page. */
    void had(int count, long characters) {
        if (characters > FULL) {
            rows = (int) Math.max(1, Math.min(rows, count * FULL / characters));
        } else if (characters < FULL / 8) {
            rows = Math.min(most, rows * 2);
        }
    }
}

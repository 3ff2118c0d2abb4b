package dev.counterfoil.benchmarks.load;

import java.util.SplittableRandom;

/** What one caller sends: transfers of up to 10.00, five of a hundred too large, and one of a hundred an earlier one again. */
final class Feed {
    private static final int REMEMBERED = 64;

    private final Draw draw;
    private final String prefix;
    private final SplittableRandom random;
    private final Transfer[] sent = new Transfer[REMEMBERED];
    private final boolean[] answers = new boolean[REMEMBERED];
    private int count;
    private int again = -1;

    /**
     * A caller's.
     *
     * @param prefix of its keys, which no other caller has
     * @param seed of what it draws
     */
    Feed(Draw draw, String prefix, long seed) {
        this.draw = draw;
        this.prefix = prefix;
        this.random = new SplittableRandom(seed);
    }

    Transfer next() {
        int chance = random.nextInt(100);
        if (chance == 0 && count > 0) {
            again = (count - 1 - random.nextInt(Math.min(count, REMEMBERED))) % REMEMBERED;
            return sent[again];
        }
        again = -1;
        int from = draw.next(random);
        int to = draw.next(random);
        while (to == from) {
            to = draw.next(random);
        }
        long cents = chance <= 5 ? Transfer.TOO_MUCH_CENTS : 1 + random.nextInt(1_000);
        return new Transfer(prefix + count, from, to, cents);
    }

    void answered(Transfer transfer, boolean yes, Tally tally) {
        if (again >= 0) {
            tally.repeated(transfer, answers[again], yes);
            return;
        }
        sent[count % REMEMBERED] = transfer;
        answers[count % REMEMBERED] = yes;
        count++;
        tally.answered(transfer, yes);
    }
}

package dev.counterfoil.stress.faults;

import dev.counterfoil.stress.history.Verdict;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of a {@link StressCase}: a line of the summary.
 *
 * @param test the case
 * @param runs how many loads were run and checked
 * @param faults how many faults were injected
 * @param acknowledged how many updates callers were told of that they are applied
 * @param lost how many of those were not there afterwards
 * @param doubled how many took effect more than once
 * @param unknownApplied how many updates nobody was told of, and were there
 * @param unknownNotApplied how many calls nobody was told of, and did nothing
 * @param wrong everything that contradicts a promise, in words
 * @param control true where the database is made to lose, and the point is that this is found
 */
public record Result(
        String test,
        int runs,
        long faults,
        long acknowledged,
        long lost,
        long doubled,
        long unknownApplied,
        long unknownNotApplied,
        List<String> wrong,
        boolean control) {
    /** Nothing yet. */
    static Result none(String test) {
        return new Result(test, 0, 0, 0, 0, 0, 0, 0, List.of(), false);
    }

    /** With one load more. */
    Result plus(long moreFaults, Verdict verdict) {
        return new Result(
                test,
                runs + 1,
                faults + moreFaults,
                acknowledged + verdict.acknowledged(),
                lost + verdict.lost(),
                doubled + verdict.doubled(),
                unknownApplied + verdict.unknownApplied(),
                unknownNotApplied + verdict.unknownNotApplied(),
                Stream.concat(wrong.stream(), verdict.findings().stream().map(Object::toString))
                        .toList(),
                control);
    }

    /** With something that went wrong besides. */
    Result plus(String trouble) {
        return new Result(
                test,
                runs,
                faults,
                acknowledged,
                lost,
                doubled,
                unknownApplied,
                unknownNotApplied,
                Stream.concat(wrong.stream(), Stream.of(trouble)).toList(),
                control);
    }

    /** The same as a control. */
    Result asControl() {
        return new Result(
                test, runs, faults, acknowledged, lost, doubled, unknownApplied, unknownNotApplied, wrong, true);
    }

    /** True where no promise was broken, and there was something to keep; of a control, where the loss was found. */
    public boolean passed() {
        return acknowledged > 0 && faults > 0 && (control ? lost > 0 : wrong.isEmpty());
    }
}

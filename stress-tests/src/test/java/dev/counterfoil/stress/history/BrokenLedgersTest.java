package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.Ledger;
import dev.counterfoil.memory.MemoryLedger;
import dev.counterfoil.stress.history.Finding.Rule;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that breaks a promise is found out under the load, and by the rule that it breaks. */
class BrokenLedgersTest {
    @TempDir
    Path directory;

    private void caught(String name, UnaryOperator<Ledger> broken, Rule... rules) throws Exception {
        try (Ledger sound = MemoryLedger.create()) {
            Ledger ledger = broken.apply(sound);
            CheckedRun run = CheckedRun.of(name, ledger, ledger, directory, 6, 1_500);
            assertThat(run.findings()).extracting(Finding::rule).contains(rules);
        }
    }

    @Test
    void anAnswerWithoutACommitIsCaught() throws Exception {
        caught("acknowledges without a commit", BrokenLedgers::acknowledgesWithoutACommit, Rule.LOST);
    }

    @Test
    void anAcknowledgedRefusalIsCaught() throws Exception {
        caught("acknowledges a refused", BrokenLedgers::acknowledgesARefused, Rule.LOST);
    }

    @Test
    void aRefusalOfWhatIsDoneIsCaught() throws Exception {
        caught("refuses what is done", BrokenLedgers::refusesWhatItHasDone, Rule.REFUSED_IS_THERE);
    }

    @Test
    void aWrongNotAppliedIsCaught() throws Exception {
        caught("says not applied", BrokenLedgers::saysNotAppliedWithoutKnowing, Rule.NOT_APPLIED_IS_THERE);
    }

    @Test
    void anotherAnswerToARepeatIsCaught() throws Exception {
        caught("answers anew", BrokenLedgers::answersARepeatAnew, Rule.ANSWER_CHANGED);
    }

    @Test
    void aMixUpOfContentsIsCaught() throws Exception {
        caught("takes other content", BrokenLedgers::takesOtherContentForARepeat, Rule.CONTENT_CONFUSED);
    }

    @Test
    void aRepeatThatIsDoneAgainIsCaught() throws Exception {
        caught("does it again", BrokenLedgers::doesARepeatAgain, Rule.DECIDED_TWICE, Rule.DOUBLED);
    }

    @Test
    void aTornReadIsCaught() throws Exception {
        caught("tears reads", BrokenLedgers::tearsReads, Rule.TORN_READ, Rule.TOTAL_CHANGED);
    }

    @Test
    void aStaleReadIsCaught() throws Exception {
        caught("reads from a cache", BrokenLedgers::readsFromACache, Rule.STALE_READ);
    }

    @Test
    void aLookThatFindsNothingOfWhatIsThereIsCaught() throws Exception {
        caught("looks in an old copy", BrokenLedgers::looksForKeysInAnOldCopy, Rule.STALE_READ);
    }

    @Test
    void aDecisionOnWhatIsNotSoAnyMoreIsCaught() throws Exception {
        caught("decides on what was so", BrokenLedgers::decidesOnWhatWasSo, Rule.NO_COMMON_ORDER);
    }
}

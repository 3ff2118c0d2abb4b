package dev.counterfoil.spi;

/** What becomes of updates when the store has trouble, where callers share commits. */
class SharedSubmissionTest extends SubmissionTest {
    @Override
    int groupsAtOnce() {
        return 2;
    }
}

package dev.counterfoil.spi;

/** What becomes of a list when somebody holds a cell, where callers share commits. */
class SharedParkedListTest extends ParkedListTest {
    @Override
    int groupsAtOnce() {
        return 2;
    }
}

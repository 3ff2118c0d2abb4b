package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** MariaDB behind a link that is cut. */
class MariaDbCutLinkTest {
    @Nested
    class TheLink extends LinkFaultsContract {
        @Override
        LinkedServer server() {
            return new MariaDbLink();
        }
    }

    @Nested
    class OneCut extends CutLinkContract {
        @Override
        LinkedServer server() {
            return new MariaDbLink();
        }
    }

    @Nested
    @Tag("other-settings")
    class OneCutOfOwnCommits extends OneCut {
        @Override
        boolean sharedCommits() {
            return false;
        }
    }

    @Nested
    class Interrupts extends InterruptContract {
        @Override
        LinkedServer server() {
            return new MariaDbLink();
        }
    }

    @Nested
    @Tag("other-settings")
    class InterruptsOfOwnCommits extends Interrupts {
        @Override
        boolean sharedCommits() {
            return false;
        }
    }

    @Nested
    class ManyCuts extends RandomCutsContract {
        @Override
        int fewUpdates() {
            return 300;
        }

        @Override
        LinkedServer server() {
            return new MariaDbLink();
        }
    }
}

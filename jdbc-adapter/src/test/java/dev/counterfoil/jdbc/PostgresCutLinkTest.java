package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** PostgreSQL behind a link that is cut. */
class PostgresCutLinkTest {
    @Nested
    class TheLink extends LinkFaultsContract {
        @Override
        LinkedServer server() {
            return new PostgresLink();
        }
    }

    @Nested
    class OneCut extends CutLinkContract {
        @Override
        LinkedServer server() {
            return new PostgresLink();
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
            return new PostgresLink();
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
        LinkedServer server() {
            return new PostgresLink();
        }
    }
}

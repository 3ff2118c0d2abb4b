package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;

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
    class Interrupts extends InterruptContract {
        @Override
        LinkedServer server() {
            return new MariaDbLink();
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

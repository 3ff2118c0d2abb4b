package dev.counterfoil.jdbc;

import org.junit.jupiter.api.Nested;

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
    class Interrupts extends InterruptContract {
        @Override
        LinkedServer server() {
            return new PostgresLink();
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

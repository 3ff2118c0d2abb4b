package dev.counterfoil.examples;

class EmbeddedPostgresqlTest extends EmbeddedServerContract {
    @Override
    String store() {
        return "postgresql";
    }

    @Override
    String settings() {
        return "fsync on, full_page_writes on, synchronous_commit on";
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped scripts as migrations of Flyway, on each database: the ledger takes the tables that it finds. */
@ParameterizedClass
@EnumSource
class FlywayTest extends SchemaFixture {
    private Path migrations;

    @BeforeEach
    void makeFolder() throws IOException {
        migrations = Files.createDirectory(directory.resolve("migration"));
    }

    /** A script under a name that Flyway knows. */
    private void add(String migration, String script, String prefix) throws IOException {
        String text = LaterLibrary.dialect(books, 2).script(script);
        Files.writeString(migrations.resolve(migration), text.replace("counterfoil_", prefix));
    }

    private void migrate() {
        Flyway.configure()
                .dataSource(pool)
                .locations("filesystem:" + migrations)
                .baselineOnMigrate(true) // the application's own tables were there before
                .baselineVersion("0")
                .load()
                .migrate();
    }

    @Test
    void makesTheTablesAndUpgradesThem() throws Exception {
        add("V1__counterfoil_1.sql", "counterfoil-1.sql", "counterfoil_");
        migrate();
        List<String> keys;
        try (JdbcLedger ledger = library(1).build()) {
            open(ledger);
            keys = new ArrayList<>(traffic(ledger, "one", 5));
        }
        add("V2__counterfoil_2.sql", "counterfoil-1-to-2.sql", "counterfoil_");
        migrate();
        assertThat(version()).isEqualTo("2");
        try (JdbcLedger ledger = library(2).build();
                JdbcLedger old = library(1).build()) {
            keys.addAll(traffic(ledger, "two", 5));
            assertSound(old, keys);
        }
        library(2).prefix("new_").createSchema().build().close();
        assertThat(shape("counterfoil_")).isEqualTo(shape("new_"));
    }

    @Test
    void makesTablesWithAnotherPrefix() throws Exception {
        add("V1__money.sql", "counterfoil-1.sql", "money_");
        migrate();
        try (JdbcLedger ledger = library(1).prefix("money_").build()) {
            open(ledger);
        }
    }
}

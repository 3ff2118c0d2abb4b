package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import liquibase.Liquibase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The shipped scripts in a changelog of Liquibase, as {@code docs/databases.md} has it, on each database. */
@ParameterizedClass
@EnumSource
class LiquibaseTest extends SchemaFixture {
    /** Held, because loggers that nobody holds forget their level. */
    private static final Logger LOG = Logger.getLogger("liquibase");

    @BeforeAll
    static void keepQuiet() {
        LOG.setLevel(Level.WARNING);
        System.setProperty("liquibase.analytics.enabled", "false");
        System.setProperty("liquibase.ui.service", "LOGGER");
    }

    @Test
    void makesTheTablesAndUpgradesThem() throws Exception {
        String changeSet = changeSetOfTheDocument();
        migrate(changeSet, "counterfoil-1");
        try (JdbcLedger ledger = library(1).build()) {
            open(ledger);
        }
        migrate(changeSet + changeSet.replace("counterfoil-1", "counterfoil-1-to-2"), "counterfoil-1-to-2");
        try (JdbcLedger ledger = library(2).build()) {
            assertThat(version()).isEqualTo("2");
            assertSound(ledger, traffic(ledger, "two", 5));
        }
        library(2).prefix("new_").createSchema().build().close();
        assertThat(shape("counterfoil_")).isEqualTo(shape("new_"));
    }

    private void migrate(String changeSets, String script) throws Exception {
        Files.writeString(
                directory.resolve(script + ".sql"),
                LaterLibrary.dialect(books, 2).script(script + ".sql"));
        Files.writeString(
                directory.resolve("changelog.xml"),
                "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\""
                        + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                        + " xsi:schemaLocation=\"http://www.liquibase.org/xml/ns/dbchangelog"
                        + " http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd\">" + changeSets
                        + "</databaseChangeLog>");
        try (Connection connection = pool.getConnection();
                Liquibase liquibase = new Liquibase(
                        "changelog.xml", new DirectoryResourceAccessor(directory), new JdbcConnection(connection))) {
            liquibase.update();
        }
    }

    private static String changeSetOfTheDocument() throws IOException {
        Matcher block = Pattern.compile("```xml\n(<changeSet.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/databases.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }
}

package dev.counterfoil.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard asks for what there is, and the documentation names it. */
class DashboardTest {
    private static final Pattern NAME = Pattern.compile("\\bcounterfoil_\\w+");

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(Files.readString(Path.of("grafana/counterfoil.json")));
    }

    private static Set<String> scraped() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new LedgerMeters(registry, "books");
        return Scrape.of(registry).names();
    }

    private static List<String> names(String text) {
        return NAME.matcher(text).results().map(found -> found.group()).toList();
    }

    @Test
    void everyNameInAnExpressionIsOneThatAScrapeGives() throws IOException {
        List<String> asked = new ArrayList<>();
        for (JsonNode expression : dashboard().findValues("expr")) {
            asked.addAll(names(expression.asText()));
        }
        for (JsonNode variable : dashboard().path("templating").path("list")) {
            asked.addAll(names(variable.path("definition").asText("")));
        }
        assertThat(asked).hasSizeGreaterThan(12);
        assertThat(scraped()).containsAll(asked);
    }

    @Test
    void everyPanelHasAnIdOfItsOwnAPlaceAndTheDataSourceOfTheVariable() throws IOException {
        Set<Integer> ids = new HashSet<>();
        JsonNode panels = dashboard().path("panels");
        assertThat(panels.size()).isGreaterThanOrEqualTo(10);
        for (JsonNode panel : panels) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            assertThat(panel.path("gridPos").path("w").asInt()).as(title).isBetween(1, 24);
            assertThat(panel.path("datasource").path("uid").asText()).as(title).isEqualTo("${datasource}");
            assertThat(panel.path("targets").size()).as(title).isPositive();
        }
        assertThat(dashboard()
                        .path("templating")
                        .path("list")
                        .get(0)
                        .path("type")
                        .asText())
                .isEqualTo("datasource");
    }

    @Test
    void theDocumentationNamesWhatAScrapeGives() throws IOException {
        String document = Files.readString(Path.of("../../docs/observability.md"));
        Set<String> documented = new HashSet<>(names(document));
        Set<String> scraped = scraped();

        assertThat(scraped).containsAll(documented);
        for (String name : scraped) {
            if (!name.matches(".*_(bucket|sum|max)")) {
                assertThat(documented).as("of the scrape").contains(name);
            }
        }
    }
}

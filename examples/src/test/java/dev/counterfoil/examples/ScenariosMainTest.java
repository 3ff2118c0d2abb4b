package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenariosMainTest {
    @TempDir
    private Path directory;

    @Test
    void printsATableOf110ColumnsAndEndsWithTheCount() throws Exception {
        ChildJava.End run = ChildJava.run(directory, Scenarios.class, "-Dstore=memory", "-Dseed=7");
        assertThat(run.exitCode()).as(String.join("\n", run.lines())).isZero();
        assertThat(run.lines()).last().isEqualTo("scenarios: 7 passed, 0 failed");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
        assertThat(run.lines())
                .anySatisfy(
                        line -> assertThat(line).startsWith("8   Flaky network").doesNotContain("passed"));
        assertThat(run.lines())
                .filteredOn(line -> line.contains("not for this store"))
                .hasSize(1);
        assertThat(run.lines())
                .first()
                .asString()
                .contains("memory")
                .contains("seed")
                .contains("7");
    }

    @Test
    void anUnknownStoreIsAnErrorThatListsTheKnownOnes() throws Exception {
        ChildJava.End run = ChildJava.run(directory, Scenarios.class, "-Dstore=oracle");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.lines())
                .containsExactly("unknown store 'oracle': known are sqlite, memory, postgresql, mariadb, h2");
    }

    @Test
    void aSeedThatIsNoNumberIsAnError() throws Exception {
        ChildJava.End run = ChildJava.run(directory, Scenarios.class, "-Dstore=memory", "-Dseed=x");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.lines()).containsExactly("seed 'x': must be a whole number");
    }
}

package dev.counterfoil.benchmarks.suites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.counterfoil.benchmarks.load.Draw;
import dev.counterfoil.benchmarks.load.Load;
import dev.counterfoil.benchmarks.load.Standing;
import dev.counterfoil.benchmarks.load.Subject;
import dev.counterfoil.benchmarks.load.Transfer;
import dev.counterfoil.benchmarks.peers.LedgerSubject;
import dev.counterfoil.benchmarks.peers.SqlitePeer;
import dev.counterfoil.benchmarks.report.HtmlReport;
import dev.counterfoil.benchmarks.report.Results;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver finds what is wrong with a subject; what it measures in so short a time says nothing. */
class ComparisonTest {
    private static final Contender LEDGER = Contender.ours("Counterfoil", LedgerSubject::onSqlite);
    private static final Contender PEER = Contender.byHand("a commit per update", SqlitePeer::new);
    private static final Load LOAD = Load.closed(Draw.zipf(20), 8, Duration.ofMillis(50), Duration.ofMillis(400));

    private final Results results = new Results();

    @TempDir
    Path directory;

    /** How a subject deals with the transfer that it was sent as the so-many-th. */
    private interface Habit {
        boolean transfer(Subject honest, Transfer transfer, int number) throws Exception;
    }

    private static Contender with(Habit habit) {
        return Contender.byHand("broken", place -> {
            Subject honest = new SqlitePeer(place);
            AtomicInteger sent = new AtomicInteger();
            return new Subject() {
                @Override
                public boolean transfer(Transfer transfer) throws Exception {
                    return habit.transfer(honest, transfer, sent.incrementAndGet());
                }

                @Override
                public Standing standing() throws Exception {
                    return honest.standing();
                }

                @Override
                public void close() throws SQLException {
                    honest.close();
                }
            };
        });
    }

    private List<Measured> compare(Load load, Contender... contenders) throws Exception {
        // As if all had run before, so that what they are told is of the measured rounds.
        Set<Contender> compiled = new HashSet<>(List.of(contenders));
        Run run = new Run(Plan.trial(), directory, results, new Progress(System.out), compiled);
        List<Measured> all = new Comparison("SQLite", "8 callers", run)
                .run(OtherDatabases.SqliteGround::new, List.of(contenders), unused -> 1, load);
        Measured.report(results, "SQLite", "8 callers", 8, all);
        return all;
    }

    @Test
    void theBooksOfHonestSubjectsAreRightAndTheirFiguresAreWritten() throws Exception {
        List<Measured> all = compare(LOAD, LEDGER, PEER);

        assertThat(results.faults()).isEmpty();
        assertThat(all).allSatisfy(one -> {
            assertThat(one.rate()).isPositive();
            assertThat(one.tally().applied()).isPositive();
        });
        results.writeJson(directory.resolve("results.json"));
        JsonNode rows = new ObjectMapper()
                .readTree(directory.resolve("results.json").toFile())
                .get("rows");
        assertThat(rows).hasSize(14);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("suite").asText()).isEqualTo("SQLite");
            assertThat(row.get("case").asText()).isEqualTo("8 callers");
            assertThat(row.get("value").asDouble()).isNotNegative();
            assertThat(row.get("unit").asText()).isIn("transfers/s", "ms", "µs/transfer");
            assertThat(row.get("spread")).hasSize(2);
        });
        JsonNode ours = rows.get(0);
        assertThat(ours.get("subject").asText()).isEqualTo("Counterfoil");
        assertThat(ours.get("peer").asText()).isEqualTo("a commit per update");
        assertThat(ours.get("ratio").asDouble())
                .isEqualTo(ours.get("value").asDouble() / ours.get("peerValue").asDouble());
        HtmlReport.write(results, directory.resolve("report.html"));
        String page = Files.readString(directory.resolve("report.html"));
        assertThat(page).contains("<svg", "a commit per update", "p99.9").doesNotContain("VOID", "http:", "https:");
    }

    @Test
    void aRunAtAFixedRateSendsAsMuchAsIsDue() throws Exception {
        List<Measured> all = compare(LOAD.at(200), LEDGER);

        assertThat(results.faults()).isEmpty();
        assertThat(all.get(0).rate()).isLessThan(250);
        assertThat(all.get(0).tally().applied() + all.get(0).tally().rejected()).isBetween(60L, 90L);
    }

    @Test
    void aSubjectThatLosesUpdatesMakesTheRunVoid() throws Exception {
        Contender losing = with((honest, transfer, number) ->
                number % 10 == 0 ? transfer.cents() < Transfer.FIRST_CENTS : honest.transfer(transfer));

        List<Measured> all = compare(LOAD, PEER, losing);

        assertThat(all).extracting(Measured::isVoid).containsExactly(false, true);
        assertThat(String.join("\n", results.faults()))
                .contains("broken: transfers applied: should be", "broken: entries: should be")
                .contains("broken: balances that are not what the answers make them: should be 0");
        assertThat(results.rows()).isNotEmpty().noneMatch(row -> row.subject().equals("broken"));
        HtmlReport.write(results, directory.resolve("report.html"));
        assertThat(directory.resolve("report.html")).content().contains("VOID");
        results.print(new PrintStream(directory.resolve("table.txt").toFile(), "UTF-8"));
        assertThat(directory.resolve("table.txt")).content().contains("VOID");
    }

    @Test
    void aSubjectThatAppliesATransferAgainMakesTheRunVoid() throws Exception {
        Contender twice = with((honest, transfer, number) -> {
            honest.transfer(
                    new Transfer(transfer.key() + "/" + number, transfer.from(), transfer.to(), transfer.cents()));
            return honest.transfer(transfer);
        });

        assertThat(compare(LOAD, twice)).extracting(Measured::isVoid).containsExactly(true);
        assertThat(String.join("\n", results.faults())).contains("transfers applied: should be");
    }

    @Test
    void anErrorMakesTheRunVoid() throws Exception {
        Contender failing = with((honest, transfer, number) -> {
            if (number == 10) {
                throw new SQLException("the disk is full");
            }
            return honest.transfer(transfer);
        });

        assertThat(compare(LOAD, failing)).extracting(Measured::isVoid).containsExactly(true);
        assertThat(String.join("\n", results.faults())).contains("a caller got", "the disk is full");
    }

    @Test
    void aCallerThatNeverGetsItsAnswerMakesTheRunVoid() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Contender silent = with((honest, transfer, number) -> {
            if (number == 10) {
                never.await();
            }
            return honest.transfer(transfer);
        });

        assertThat(compare(LOAD.waiting(Duration.ofMillis(500)), silent))
                .extracting(Measured::isVoid)
                .containsExactly(true);
        assertThat(String.join("\n", results.faults())).contains("1 of 8 callers never got their answer");
    }

    @Test
    void whatIsShownForItsFaultsHasNoFiguresThenAndLeavesTheOthersTheirs() throws Exception {
        Contender failing = with((honest, transfer, number) -> {
            throw new SQLException("the disk is full");
        });
        Contender warning = Contender.warning("a bad example", failing.opener());

        assertThat(compare(LOAD, LEDGER, warning)).extracting(Measured::isVoid).containsExactly(false, true);
        assertThat(results.isVoid()).isFalse();
        assertThat(results.rows()).isNotEmpty().allMatch(row -> row.subject().equals(LEDGER.name()));
        assertThat(results.notes())
                .anyMatch(note ->
                        note.contains("a bad example: no figures; a caller got") && note.contains("disk is full"));
    }
}

package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several processes on one server, each with threads and a pool of its own; in one of them each call has its own commit, in the
 * others callers share commits.
 */
@Timeout(240)
abstract class ProcessesContract {
    private static final int PROCESSES = 3;
    private static final int THREADS = 4;
    private static final int KEYS = 600;

    /** The server, which other tests use too. */
    abstract TestServer server();

    /** What one process was told of one key. */
    private record Told(int process, boolean replayed, String answer) {}

    @Test
    void whatThreeProcessesSendUnderTheSameKeysIsDecidedOnceAndAnsweredAlike() throws SQLException {
        long seed = System.nanoTime();
        System.out.println(getClass().getSimpleName() + " seed " + seed);
        TestServer server = server();
        String database = server.newDatabase();
        Map<String, Told[]> told = new HashMap<>();
        List<ChildJvm> children = ChildJvm.start(PROCESSES);
        try {
            // They find no tables: all of them make them at once.
            children.forEach(child -> child.open(server.url(database), child != children.get(0)));
            children.forEach(child -> child.expect("opened"));
            children.forEach(child -> child.tell("open-till"));
            assertThat(children.stream().map(child -> child.expect("done"))).containsOnlyOnce("false");
            for (int i = 0; i < PROCESSES; i++) {
                children.get(i).tell("send " + THREADS + " " + KEYS + " " + (seed + i));
            }
            for (int i = 0; i < PROCESSES; i++) {
                listen(children.get(i), i, told);
            }
        } finally {
            children.forEach(ChildJvm::close);
        }

        int[] decided = new int[PROCESSES];
        assertThat(told).hasSize(KEYS);
        told.forEach((key, answers) -> {
            assertThat(answers).as(key).doesNotContainNull();
            List<Told> all = List.of(answers);
            assertThat(all.stream().map(Told::answer).distinct()).as(key).hasSize(1);
            List<Told> first = all.stream().filter(one -> !one.replayed()).toList();
            assertThat(first).as(key).hasSize(1);
            decided[first.get(0).process()]++;
        });
        System.out.println(getClass().getSimpleName() + ": decided " + List.of(decided[0], decided[1], decided[2]));
        server.awaitNoClients(database);
        try (PlainSql sql = server.sql(database)) {
            Till.assertSound(sql);
            assertThat(sql.count("SELECT count(*) FROM counterfoil_decision")).isEqualTo(KEYS + 1L);
        }
    }

    private static void listen(ChildJvm child, int process, Map<String, Told[]> told) {
        for (String line = child.line(); !line.equals("ended"); line = child.line()) {
            String[] words = line.split(" ", 3);
            assertThat(words[1]).as(line).isIn("decided", "replayed");
            Told[] answers = told.computeIfAbsent(words[0], key -> new Told[PROCESSES]);
            assertThat(answers[process]).isNull();
            answers[process] = new Told(process, words[1].equals("replayed"), words[2]);
        }
    }
}

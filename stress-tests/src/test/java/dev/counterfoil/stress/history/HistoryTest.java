package dev.counterfoil.stress.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final Answer APPLIED =
            Tale.appliedOn("load/1:status#2 a", "load/1:money#5 -10.00 90.00; load/1:log#2 append 1");

    @TempDir
    Path directory;

    private final long begin = System.nanoTime();

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        List<Answer> answers = List.of(
                APPLIED,
                Tale.again(APPLIED),
                Tale.reused(APPLIED),
                Tale.refused("BELOW_MINIMUM", "load/1:money k 90.00"),
                Answer.decided(Answer.Type.FOUND, APPLIED.decided()),
                Answer.other(Answer.Type.FOUND_NOTHING, ""),
                Answer.read(Seen.parse("load/1:money#5 90.00; load/1:status#2 a")),
                Answer.read(List.of()),
                Tale.unknown(),
                Tale.notApplied());
        try (Recorder recorder = new Recorder("p", directory.resolve("p"))) {
            for (Answer answer : answers) {
                recorder.got(recorder.ask(Call.Kind.UPDATE, "k", "add load/1:points 5"), answer);
            }
        }
        List<Call> calls = History.read(directory).calls();
        assertThat(calls).extracting(Call::answer).isEqualTo(answers);
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.key()).isEqualTo("k");
            assertThat(call.content()).isEqualTo("add load/1:points 5");
            assertThat(call.sent()).isBetween(begin, call.answered());
            assertThat(call.answered()).isBetween(call.sent(), System.nanoTime());
        });
        assertThat(calls.get(1).line()).isEqualTo("p:3");
    }

    @Test
    void aCallWithoutAnAnswerIsUnknownForEver() throws IOException {
        try (Recorder recorder = new Recorder("p", directory.resolve("p"))) {
            recorder.ask(Call.Kind.UPDATE, "k", "add load/1:points 5");
        }
        Call call = History.read(directory).calls().get(0);
        assertThat(call.answer().unknown()).isTrue();
        assertThat(call.answered()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aLineThatWasCutOffIsNone() throws IOException {
        Path file = directory.resolve("p");
        try (Recorder recorder = new Recorder("p", file)) {
            recorder.got(recorder.ask(Call.Kind.UPDATE, "k", "add load/1:points 5"), APPLIED);
        }
        String whole = Files.readString(file);
        int firstLine = whole.indexOf('\n') + 1;
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            List<Call> calls = History.read(directory).calls();
            if (length < firstLine) {
                assertThat(calls).isEmpty();
            } else {
                assertThat(calls).extracting(Call::answer).containsExactly(Answer.NONE);
            }
        }
    }

    @Test
    void theHistoriesOfSeveralProcessesAreOne() throws IOException {
        try (Recorder one = new Recorder("p", directory.resolve("p"));
                Recorder other = new Recorder("q", directory.resolve("q"))) {
            one.ask(Call.Kind.UPDATE, "k", "add load/1:points 5");
            other.ask(Call.Kind.READ, "", "all");
            one.ask(Call.Kind.FIND, "k", "");
        }
        History history = History.read(directory);
        assertThat(history.calls()).extracting(Call::id).containsExactly("p.1", "q.1", "p.2");
        assertThat(history.byKey()).containsOnlyKeys("k");
    }
}

package dev.counterfoil.stress.history;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All calls of a load, with their answers.
 *
 * @param calls by the time at which they were sent
 */
public record History(List<Call> calls) {
    /** Copies and sorts the calls. */
    public History {
        calls = calls.stream().sorted(Comparator.comparingLong(Call::sent)).toList();
    }

    /** What all files of a directory tell. */
    public static History read(Path directory) throws IOException {
        List<Call> calls = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                calls.addAll(parse(String.valueOf(file.getFileName()), lines(file)));
            }
        }
        return new History(calls);
    }

    /** The last line has no end where its process was killed while it wrote: nothing was sent then, or no answer noted. */
    private static List<String> lines(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return Arrays.asList(text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1));
    }

    static List<Call> parse(String file, List<String> lines) {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String[] columns = lines.get(i).split("\t", -1);
            if (columns[0].equals("ask")) {
                calls.put(columns[1], asked(columns, file + ":" + (i + 1)));
            } else if (columns[0].equals("got")) {
                calls.computeIfPresent(columns[1], (id, call) -> answered(call, columns));
            }
        }
        return List.copyOf(calls.values());
    }

    private static Call asked(String[] columns, String line) {
        Call.Kind kind = Call.Kind.valueOf(columns[3]);
        long sent = Long.parseLong(columns[2]);
        return new Call(columns[1], kind, columns[4], columns[5], sent, Long.MAX_VALUE, Answer.NONE, line);
    }

    private static Call answered(Call call, String[] columns) {
        long answered = Long.parseLong(columns[2]);
        return new Call(
                call.id(),
                call.kind(),
                call.key(),
                call.content(),
                call.sent(),
                answered,
                Answer.parse(columns),
                call.line());
    }

    /** Without what was seen by reads, looks at keys and refusals that are not kept. */
    History withoutLooks() {
        return new History(calls.stream()
                .filter(call -> call.kind() == Call.Kind.UPDATE)
                .map(History::withoutStaleRefusal)
                .toList());
    }

    private static Call withoutStaleRefusal(Call call) {
        Decided decision = call.answer().decision();
        if (decision == null || decision.kept()) {
            return call;
        }
        Answer nothing = Answer.other(Answer.Type.NOT_APPLIED, decision.what());
        return new Call(
                call.id(), call.kind(), call.key(), call.content(), call.sent(), call.answered(), nothing, call.line());
    }

    /** The calls that updates and looks at keys were, by key. */
    Map<String, List<Call>> byKey() {
        Map<String, List<Call>> byKey = new LinkedHashMap<>();
        for (Call call : calls) {
            if (call.kind() != Call.Kind.READ) {
                byKey.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
            }
        }
        return byKey;
    }
}

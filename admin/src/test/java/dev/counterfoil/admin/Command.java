package dev.counterfoil.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command as a test calls it, with what is around it. */
final class Command {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> always;
    private final Map<String, String> environment = new HashMap<>();
    private final Person person = new Person();

    /** One that always has these arguments behind its own. */
    Command(String... always) {
        this.always = List.of(always);
    }

    /**
     * What came out.
     *
     * @param code the exit code
     * @param out standard output
     * @param err standard error
     */
    record Result(int code, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        /** The only object. */
        JsonNode object() {
            List<JsonNode> all = objects();
            if (all.size() != 1) {
                throw new AssertionError("not one object: " + out);
            }
            return all.get(0);
        }

        /** An object per line. */
        List<JsonNode> objects() {
            List<JsonNode> objects = new ArrayList<>();
            for (String line : lines()) {
                try {
                    objects.add(JSON.readTree(line));
                } catch (JsonProcessingException e) {
                    throw new AssertionError("no JSON: " + line, e);
                }
            }
            return objects;
        }
    }

    /** Somebody who gives the answers that were laid down, or nobody where none were. */
    static final class Person implements Terminal {
        private final Deque<String> answers = new ArrayDeque<>();
        private final List<String> questions = new ArrayList<>();
        private boolean there;
        private boolean looks;

        @Override
        public boolean asks() {
            return there;
        }

        @Override
        public boolean shows() {
            return looks;
        }

        @Override
        public String ask(String question) {
            questions.add(question);
            return answers.poll();
        }

        @Override
        public char[] password(String question) {
            questions.add(question);
            String answer = answers.poll();
            return answer == null ? null : answer.toCharArray();
        }
    }

    Command with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Somebody sits in front of it, and gives these answers. */
    Command answered(String... answers) {
        person.there = true;
        person.answers.addAll(List.of(answers));
        return this;
    }

    /** Standard error is shown on a terminal. */
    Command shown() {
        person.looks = true;
        return this;
    }

    /** What was asked. */
    List<String> questions() {
        return person.questions;
    }

    Result run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        int end = all.indexOf("--");
        all.addAll(end < 0 ? all.size() : end, always);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        int code = CounterfoilAdmin.run(
                new Surroundings(writer, writer, new PrintWriter(err), person, environment::get),
                all.toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }
}

package dev.counterfoil.examples.harness;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plain map: each get and each put is safe for itself. */
final class PlainMap implements PlainTable {
    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final Map<String, List<String>> lists = new ConcurrentHashMap<>();

    @Override
    public String read(String row) {
        return Objects.requireNonNull(rows.get(row), row);
    }

    @Override
    public void write(String row, String text) {
        rows.put(row, text);
    }

    @Override
    public void append(String list, String content) {
        lists.computeIfAbsent(list, unused -> new CopyOnWriteArrayList<>()).add(content);
    }

    @Override
    public void appendTogether(String list, List<String> contents) {
        lists.computeIfAbsent(list, unused -> new CopyOnWriteArrayList<>()).addAll(contents);
    }

    @Override
    public int count(String list) {
        return lists.getOrDefault(list, List.of()).size();
    }
}

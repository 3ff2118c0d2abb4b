package dev.counterfoil.spi;

import dev.counterfoil.TrialBalance;
import dev.counterfoil.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sums balances up by the kind of account, their name and their unit, for a trial balance. Not safe for several threads. */
public final class BalanceTally {
    private final Map<Group, TrialBalance.Sums> sums = new HashMap<>();

    private record Group(String kind, String name, Unit unit) {}

    /** Nothing yet. */
    public BalanceTally() {}

    /** Adds balances of one name and unit. */
    public void add(String kind, String name, Unit unit, TrialBalance.Sums more) {
        sums.merge(new Group(kind, name, unit), more, TrialBalance.Sums::plus);
    }

    /** A line for each kind, name and unit, in no order. */
    public List<TrialBalance.Line> lines() {
        List<TrialBalance.Line> lines = new ArrayList<>();
        sums.forEach((group, sum) -> lines.add(new TrialBalance.Line(group.kind(), group.name(), group.unit(), sum)));
        return lines;
    }
}

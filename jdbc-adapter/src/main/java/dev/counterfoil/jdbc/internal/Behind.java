package dev.counterfoil.jdbc.internal;

import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.DecisionRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies behind a row in the order of an index, asked for in steps, one for each column that goes on: each is one range of
 * the index. A comparison of whole rows is not: where a column is given as well, servers begin at its first row and read all
 * that lies before.
 */
final class Behind {
    private Behind() {}

    /** Asks for the rows of one step. */
    interface Asking<T> {
        List<T> rows(Select step) throws SQLException;
    }

    /**
     * The steps to the cells of a namespace behind an address.
     *
     * @param all asks for the cells {@code c} of the namespace, and ends in its condition
     */
    static List<Select> cells(
            Dialect dialect, Select all, @Nullable String kind, String idPrefix, @Nullable List<String> after) {
        List<Select> steps = new ArrayList<>();
        if (after != null) {
            Select account = all.copy().add(" AND c.account_kind = ?", after.get(0));
            steps.add(account.copy().add(" AND c.account_id = ? AND c.name > ?", after.get(1), after.get(2)));
            Select others = account.copy().add(" AND c.account_id > ?", after.get(1));
            if (kind != null && !idPrefix.isEmpty()) {
                others.add(" AND c.account_id < ?", end(dialect, idPrefix));
            }
            steps.add(others);
            if (kind == null) {
                steps.add(all.copy().add(" AND c.account_kind > ?", after.get(0)));
            }
        } else {
            steps.add(restricted(dialect, all.copy(), kind, idPrefix));
        }
        return steps;
    }

    /** Of the cells {@code c} of a namespace those of a kind, if one is given, whose accounts' ids begin so. */
    static Select restricted(Dialect dialect, Select all, @Nullable String kind, String idPrefix) {
        if (kind != null) {
            all.add(" AND c.account_kind = ?", kind);
            if (!idPrefix.isEmpty()) {
                all.add(" AND c.account_id >= ? AND c.account_id < ?", idPrefix, end(dialect, idPrefix));
            }
        }
        return all;
    }

    /** What comes behind all ids that begin so: no id contains the greatest code point, or is as long. */
    private static String end(Dialect dialect, String idPrefix) {
        boolean binary = dialect.inBinaryOrder("").isEmpty();
        return idPrefix + (binary ? Reads.GREATEST : "\uffff".repeat(256));
    }

    /**
     * The steps to the decisions of a namespace behind one of them.
     *
     * @param key the name of their column of keys
     * @param all asks for the decisions {@code d} of the namespace, and ends in its condition
     */
    static List<Select> decisions(String key, Select all, @Nullable DecisionRow after) {
        if (after == null) {
            return List.of(all);
        }
        Select scope = all.copy().add(" AND d.scope = ?", after.scope());
        return List.of(
                scope.copy().add(" AND " + key + " = ? AND d.id > ?", after.key(), after.id()),
                scope.copy().add(" AND " + key + " > ?", after.key()),
                all.copy().add(" AND d.scope > ?", after.scope()));
    }

    /**
     * The first rows of some steps together.
     *
     * @param order the order in each step, and its limit as the last parameter
     */
    static <T> List<T> first(List<Select> steps, String order, int limit, Asking<T> asking) throws SQLException {
        List<T> found = new ArrayList<>();
        for (Select step : steps) {
            if (found.size() < limit) {
                found.addAll(asking.rows(step.add(order, limit - found.size())));
            }
        }
        return found;
    }
}

package dev.counterfoil.jdbc.internal;

import dev.counterfoil.TrialBalance;
import dev.counterfoil.Unit;
import dev.counterfoil.jdbc.dialect.Dialect;
import dev.counterfoil.spi.BalanceTally;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The statement that sums balances up. It is one, whatever is asked for: what is moved between two would be counted twice or
 * not at all.
 */
final class BalanceSums {
    private static final String GROUP = "account_kind, name, unit, scale";

    private final boolean exact;
    private final String all;
    private final String ofKind;

    BalanceSums(Dialect dialect, Tables tables) {
        exact = dialect.sumsExactly();
        String group = Tables.columns(dialect, GROUP);
        String id = dialect.inBinaryOrder("account_id");
        String bound = dialect.inBinaryOrder("?");
        String select = "SELECT " + group
                + (exact
                        ? ", count(*) AS balances, sum(amount) AS total,"
                                + " sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS positive"
                        : ", amount")
                + " FROM " + tables.cell + " WHERE namespace = ? AND kind = 'BALANCE'";
        String end = exact ? " GROUP BY " + group : "";
        all = select + end;
        ofKind = select + " AND account_kind = ? AND " + id + " >= " + bound + " AND " + id + " < " + bound + end;
    }

    /** For accounts of a kind, or for all where that is null. */
    String text(@Nullable String kind) {
        return kind == null ? all : ofKind;
    }

    /** Binds what the text for a kind wants; the number of parameters bound so far. */
    static int bind(PreparedStatement select, int bound, String namespace, @Nullable String kind, String idPrefix)
            throws SQLException {
        select.setString(bound + 1, namespace);
        if (kind == null) {
            return bound + 1;
        }
        select.setString(bound + 2, kind);
        select.setString(bound + 3, idPrefix);
        select.setString(bound + 4, idPrefix + Reads.GREATEST);
        return bound + 4;
    }

    /** Adds a row of the answer. */
    void add(BalanceTally tally, ResultSet row) throws SQLException {
        Unit unit = Unit.of(row.getString("unit"), row.getInt("scale"));
        tally.add(row.getString("account_kind"), row.getString("name"), unit, sums(row, unit));
    }

    private TrialBalance.Sums sums(ResultSet row, Unit unit) throws SQLException {
        if (!exact) {
            return TrialBalance.Sums.of(amount(row, "amount", unit));
        }
        BigDecimal sum = amount(row, "total", unit);
        BigDecimal positive = amount(row, "positive", unit);
        return new TrialBalance.Sums(row.getLong("balances"), sum, positive, sum.subtract(positive));
    }

    private static BigDecimal amount(ResultSet row, String column, Unit unit) throws SQLException {
        return new BigDecimal(row.getString(column)).setScale(unit.scale(), RoundingMode.UNNECESSARY);
    }
}

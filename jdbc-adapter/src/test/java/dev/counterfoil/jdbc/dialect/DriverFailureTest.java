package dev.counterfoil.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.spi.StoreException.Phase;
import dev.counterfoil.spi.StoreException.Trouble;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the driver said is found wherever a pool, a batch or a framework has put it. */
@Timeout(30)
class DriverFailureTest {
    /** A dialect, with a conflict as its driver says it. */
    private record Said(Dialect dialect, SQLException conflict) {}

    static List<Said> conflicts() {
        return List.of(
                new Said(new PostgresDialect(), new SQLException("deadlock", "40P01", 0)),
                new Said(new MariaDbDialect(), new SQLException("deadlock", "40001", 1213)),
                new Said(new H2Dialect(), new SQLException("deadlock", "40001", 40001)),
                new Said(new SqliteDialect(), new SQLException("busy", null, 5)));
    }

    @ParameterizedTest
    @MethodSource("conflicts")
    void inCausesAndNextExceptionsAndBatches(Said said) {
        SQLException next = new BatchUpdateException("batch", new int[0]);
        next.setNextException(said.conflict);
        for (SQLException wrapped : List.of(
                said.conflict,
                new SQLException("of a pool", said.conflict),
                new SQLTransientConnectionException("of a pool", new RuntimeException("of a proxy", said.conflict)),
                next,
                new SQLException("outer", new IllegalStateException(next)))) {
            assertThat(said.dialect.trouble(wrapped, Phase.BODY, "counterfoil_"))
                    .isEqualTo(Trouble.TRANSIENT);
            assertThat(said.dialect.trouble(wrapped, Phase.COMMIT, "counterfoil_"))
                    .isEqualTo(Trouble.TRANSIENT);
        }
    }

    @ParameterizedTest
    @MethodSource("conflicts")
    void aChainThatIsARingEnds(Said said) {
        SQLException silent = ring(new SQLException("says nothing"));
        assertThat(said.dialect.trouble(silent, Phase.BODY, "counterfoil_")).isEqualTo(Trouble.PERMANENT);
        assertThat(said.dialect.trouble(silent, Phase.COMMIT, "counterfoil_")).isEqualTo(Trouble.UNKNOWN);

        SQLException telling = ring(said.conflict);
        assertThat(said.dialect.trouble(telling, Phase.BODY, "counterfoil_")).isEqualTo(Trouble.TRANSIENT);
    }

    /** Three that lead to each other, by causes and by next exceptions; the last of them was caused by what is given. */
    private static SQLException ring(SQLException inside) {
        SQLException one = new SQLException("one");
        SQLException two = new SQLException("two", one);
        SQLException three = new SQLException("three", inside);
        one.initCause(two);
        one.setNextException(two);
        two.setNextException(three);
        three.setNextException(one);
        return one;
    }
}

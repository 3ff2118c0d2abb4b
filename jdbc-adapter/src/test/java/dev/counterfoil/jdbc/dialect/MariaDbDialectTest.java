package dev.counterfoil.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.spi.StoreException.Phase;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the codes of MariaDB mean, where they cannot be provoked on one server. */
class MariaDbDialectTest {
    private final MariaDbDialect dialect = new MariaDbDialect();

    @ParameterizedTest
    @CsvSource({
        "HY000, 1180, BODY, PERMANENT",
        "HY000, 1180, COMMIT, UNKNOWN",
        "08S01, 1047, BODY, TRANSIENT",
        "08S01, 1047, COMMIT, UNKNOWN",
        "40001, 1213, COMMIT, TRANSIENT",
        "HY000, 1020, BODY, TRANSIENT",
        "HY000, 3572, BODY, TRANSIENT",
        "XA102, 1614, BODY, TRANSIENT",
        "45000, 1644, BODY, PERMANENT",
        "45000, 1644, COMMIT, UNKNOWN",
        "23000, 1451, BODY, ONE_REQUEST",
        "25006, 1792, BODY, PERMANENT",
        "42000, 1142, BODY, PERMANENT",
    })
    void eachMeansOneThingInEachPhase(String state, int code, Phase phase, String trouble) {
        SQLException failure = new SQLException("of the server", state, code);
        assertThat(dialect.trouble(failure, phase, "counterfoil_")).hasToString(trouble);
    }

    @ParameterizedTest
    @CsvSource({"25S03, BODY, TRANSIENT", "25S03, COMMIT, UNKNOWN", "08000, BODY, TRANSIENT", "08000, COMMIT, UNKNOWN"})
    void atCommitTheClassOfTheExceptionDecidesNothing(String state, Phase phase, String trouble) {
        SQLException failure = new SQLTransientConnectionException("of the driver", state, -1);
        assertThat(dialect.trouble(failure, phase, "counterfoil_")).hasToString(trouble);
    }
}

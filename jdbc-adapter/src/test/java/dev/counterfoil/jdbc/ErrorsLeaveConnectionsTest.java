package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Limits;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An error takes no connection out of the pool: a caller whose stack is used up overflows in the rollback as well. */
@Timeout(60)
class ErrorsLeaveConnectionsTest {
    private static final BalanceId CASH = AccountId.of("drawer", "1").balance("cash", Unit.of("SAR", 2));

    @Test
    void anErrorInTheRollbackOfAnErrorGivesTheOnlyConnectionBack() {
        AtomicBoolean overflows = new AtomicBoolean();
        Between errors = new Between() {
            @Override
            void before(String sql) {
                boolean rollback = sql.equals("ROLLBACK");
                if (overflows.get() && (rollback || sql.startsWith("INSERT"))) {
                    overflows.set(!rollback);
                    throw new StackOverflowError("made up");
                }
            }
        };
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:errors" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
            pool.setMaximumPoolSize(1);
            try (JdbcLedger ledger =
                    JdbcLedger.builder(errors.on(pool)).createSchema().build()) {
                ledger.apply(Update.of("open")
                                .open(CASH, "0.00", Limits.nonNegative())
                                .build())
                        .orThrow();
                overflows.set(true);
                assertThatThrownBy(() -> ledger.apply(add("lost"))).isInstanceOf(StackOverflowError.class);
                assertThat(overflows).isFalse();
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            }
        }
    }

    private static Update add(String key) {
        return Update.of(key).add(CASH, "1.00").build();
    }
}

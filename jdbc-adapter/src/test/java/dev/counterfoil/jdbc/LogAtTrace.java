package dev.counterfoil.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that the library's loggers write while it is open, down to the last detail. */
final class LogAtTrace implements AutoCloseable {
    private static final int TRACE = 0;
    private static final List<String> LOGGERS = List.of(
            "dev.counterfoil.Ledger",
            "dev.counterfoil.LedgerListener",
            "dev.counterfoil.retry.Retry",
            "dev.counterfoil.spi.SkewWatch",
            "dev.counterfoil.jdbc.JdbcLedger",
            "dev.counterfoil.jdbc.SqlFailures",
            "dev.counterfoil.jdbc.internal.JdbcStore",
            "dev.counterfoil.jdbc.internal.PooledConnections",
            "dev.counterfoil.jdbc.internal.Schema");

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;
    private final Map<Logger, Integer> before = new LinkedHashMap<>();

    LogAtTrace() throws ReflectiveOperationException {
        for (String name : LOGGERS) {
            Logger logger = LoggerFactory.getLogger(name);
            before.put(logger, (Integer) level(logger).get(logger));
            level(logger).set(logger, TRACE);
        }
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    private static Field level(Logger logger) throws ReflectiveOperationException {
        Field level = logger.getClass().getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        return level;
    }

    String text() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        System.setErr(standardError);
        for (Map.Entry<Logger, Integer> each : before.entrySet()) {
            level(each.getKey()).set(each.getKey(), each.getValue());
        }
    }
}

package dev.counterfoil.retry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** The log of the tests: keeps the lines of whoever listens, drops all others. */
@SuppressWarnings("exports") // public for the service loader only
public final class RecordedLog implements SLF4JServiceProvider {

    record Line(Level level, String message, @Nullable Throwable thrown) {}

    private static final List<List<Line>> RECORDINGS = new CopyOnWriteArrayList<>();

    /** Whether all levels are off. */
    private static volatile boolean silent;

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new NOPMDCAdapter();

    /** Called by the service loader. */
    public RecordedLog() {}

    /** What is logged while something runs. */
    static List<Line> during(Callable<?> action) {
        List<Line> lines = new CopyOnWriteArrayList<>();
        RECORDINGS.add(lines);
        try {
            action.call();
        } catch (Exception expected) {
            // The log is what the test looks at.
        } finally {
            RECORDINGS.removeIf(recording -> recording == lines);
        }
        return new ArrayList<>(lines);
    }

    /** Runs something with all levels off. */
    static void silently(Callable<?> action) throws Exception {
        silent = true;
        try {
            action.call();
        } finally {
            silent = false;
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return RecordingLogger::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class RecordingLogger extends AbstractLogger {

        private static final long serialVersionUID = 1L;

        RecordingLogger(String name) {
            this.name = name;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
            String message = MessageFormatter.basicArrayFormat(pattern, arguments);
            if (message.contains("broken appender")) {
                throw new IllegalStateException("the appender is broken");
            }
            for (List<Line> recording : RECORDINGS) {
                recording.add(new Line(level, message, thrown));
            }
        }

        @Override
        public boolean isTraceEnabled() {
            return !silent;
        }

        @Override
        public boolean isTraceEnabled(Marker marker) {
            return !silent;
        }

        @Override
        public boolean isDebugEnabled() {
            return !silent;
        }

        @Override
        public boolean isDebugEnabled(Marker marker) {
            return !silent;
        }

        @Override
        public boolean isInfoEnabled() {
            return !silent;
        }

        @Override
        public boolean isInfoEnabled(Marker marker) {
            return !silent;
        }

        @Override
        public boolean isWarnEnabled() {
            return !silent;
        }

        @Override
        public boolean isWarnEnabled(Marker marker) {
            return !silent;
        }

        @Override
        public boolean isErrorEnabled() {
            return !silent;
        }

        @Override
        public boolean isErrorEnabled(Marker marker) {
            return !silent;
        }
    }
}

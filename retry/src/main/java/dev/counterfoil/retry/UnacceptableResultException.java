package dev.counterfoil.retry;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The failure of an attempt that returned a result which a {@link ResultClassifier} did not accept. Has no stack trace. */
public final class UnacceptableResultException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** What the operation returned; lost when the exception is serialised. */
    private final transient @Nullable Object result;

    private final transient Verdict verdict;

    UnacceptableResultException(@Nullable Object result, Verdict verdict) {
        // Results may be large or secret: only the class goes into the message.
        super(
                "unacceptable result (" + verdict + "): "
                        + (result == null ? "null" : result.getClass().getName()),
                null,
                true,
                false);
        this.result = result;
        this.verdict = verdict;
    }

    /**
     * The result that was not accepted.
     *
     * @return what the operation returned, null if it returned null or if this exception was serialised since
     */
    public @Nullable Object result() {
        return result;
    }

    Verdict verdict() {
        return verdict;
    }
}

package dev.counterfoil.retry;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The codes that the classifiers of this package know, spelled as
 * <a href="https://grpc.io/docs/guides/status-codes/">gRPC's status codes</a>, and how to read one from a failure.
 * Codes are compared exactly; any other string may be used as a code too.
 */
public final class FailureCodes {

    /** The service cannot be reached or refuses work for now. */
    public static final String UNAVAILABLE = "UNAVAILABLE";

    /** The operation was undone, by a conflict with another one say. */
    public static final String ABORTED = "ABORTED";

    /** The other side's time ran out. */
    public static final String DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED";

    /** A quota, a pool or memory ran out. */
    public static final String RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED";

    /** The caller is known and may not do this. */
    public static final String PERMISSION_DENIED = "PERMISSION_DENIED";

    /** The caller is not known. */
    public static final String UNAUTHENTICATED = "UNAUTHENTICATED";

    /** The request is wrong, whatever the state of the system. */
    public static final String INVALID_ARGUMENT = "INVALID_ARGUMENT";

    /** What the request names does not exist. */
    public static final String NOT_FOUND = "NOT_FOUND";

    /** What the request would create exists. */
    public static final String ALREADY_EXISTS = "ALREADY_EXISTS";

    /** The code of {@link RetryExhaustedException}; a failure with it is never retried. */
    public static final String RETRY_EXHAUSTED = "RETRY_EXHAUSTED";

    /**
     * The codes that {@link Classifier#defaults()} retries: {@link #UNAVAILABLE}, {@link #ABORTED},
     * {@link #DEADLINE_EXCEEDED} and {@link #RESOURCE_EXHAUSTED}.
     */
    public static final Set<String> RETRIED = Set.of(UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED);

    /**
     * The codes that no classifier of this package retries unless told to: {@link #PERMISSION_DENIED},
     * {@link #UNAUTHENTICATED}, {@link #INVALID_ARGUMENT}, {@link #NOT_FOUND} and {@link #ALREADY_EXISTS}.
     */
    public static final Set<String> NEVER_RETRIED =
            Set.of(PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS);

    // To find that a class does not implement an interface the JVM searches all that it does implement, each time anew.
    private static final ClassValue<Boolean> CODED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return HasFailureCode.class.isAssignableFrom(type);
        }
    };

    private FailureCodes() {}

    /**
     * Reads the code of a failure that has one, by {@link HasFailureCode}. Its causes are not asked.
     *
     * @param failure the failure
     * @return its code, or empty
     */
    public static Optional<String> of(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return CODED.get(failure.getClass()) ? Optional.of(((HasFailureCode) failure).failureCode()) : Optional.empty();
    }
}

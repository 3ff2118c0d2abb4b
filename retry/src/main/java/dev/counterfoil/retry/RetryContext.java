package dev.counterfoil.retry;

import java.time.Duration;
import java.util.Optional;

/** What an attempt may know about itself. Thread-safe. */
public interface RetryContext {

    /**
     * Which attempt this is.
     *
     * @return the number, from 1
     */
    int attempt();

    /**
     * How long the execution has taken up to now, by the monotonic clock, with all attempts and waits.
     *
     * @return the time, zero or more
     */
    Duration elapsed();

    /**
     * How much time is left up to now until the deadline: fit for the timeout of a query.
     *
     * @return the time, zero or more; empty if the policy has no deadline
     */
    Optional<Duration> remaining();
}

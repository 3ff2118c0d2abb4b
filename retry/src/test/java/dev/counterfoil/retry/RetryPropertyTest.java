package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any policy, any operation: no wait beyond its bounds, no execution beyond its deadline, no attempt too many. */
class RetryPropertyTest {

    private static final int ROUNDS = 5_000;

    @Test
    void anyPolicyKeepsItsBoundsWithAnyOperation() {
        long seed = Seed.of(RetryPropertyTest.class);
        Set<String> ends = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            ends.add(new Round(random, new World(random.nextLong())).check("seed " + seed + ", round " + round));
        }
        assertThat(ends).containsExactlyInAnyOrder("success", "FAIL", "AMBIGUOUS", "ATTEMPTS", "BUDGET", "DEADLINE");
    }

    private static final class Round {
        private final Random random;
        private final World world;
        private final Duration first;
        private final Duration cap;
        private final BackOff backOff;
        private final Duration hintCap;
        private final Duration deadline;
        private final int maxAttempts;
        private final int budget;
        private final List<Verdict> verdicts = new ArrayList<>();
        private final Duration attemptTime;

        Round(Random random, World world) {
            this.random = random;
            this.world = world;
            first = Duration.ofNanos(1 + (long) Math.pow(10, random.nextDouble() * 10));
            cap = Duration.ofNanos(first.toNanos() + (long) Math.pow(10, random.nextDouble() * 12) - 1);
            backOff = anyBackOff();
            hintCap = Duration.ofNanos(1 + (long) Math.pow(10, random.nextDouble() * 11));
            deadline = Duration.ofNanos(1 + (long) Math.pow(10, 3 + random.nextDouble() * 10));
            maxAttempts = 1 + random.nextInt(20);
            budget = 1 + random.nextInt(20);
            int failures = random.nextInt(25);
            for (int i = 0; i < failures; i++) {
                verdicts.add(anyVerdict());
            }
            attemptTime = Duration.ofNanos((long) Math.pow(10, random.nextDouble() * 9));
        }

        private BackOff anyBackOff() {
            ExponentialBackOff exponential =
                    BackOff.exponential(first, cap).withFactor(1 + Math.pow(10, random.nextDouble() * 3 - 1));
            return switch (random.nextInt(6)) {
                case 0 -> BackOff.constant(first);
                case 1 -> exponential.withJitter(random.nextDouble());
                case 2 -> exponential.withFullJitter();
                case 3 -> exponential.withEqualJitter();
                case 4 -> BackOff.decorrelated(first, cap);
                default -> exponential;
            };
        }

        private Verdict anyVerdict() {
            return switch (random.nextInt(20)) {
                case 0 -> Verdict.FAIL;
                case 1 -> Verdict.AMBIGUOUS;
                case 2, 3 -> Verdict.retryAfter(Duration.ofNanos((long) Math.pow(10, random.nextDouble() * 12)));
                default -> Verdict.RETRY;
            };
        }

        /** Returns how the execution ended. */
        String check(String name) {
            RetryPolicy policy = RetryPolicy.defaults()
                    .withMaxAttempts(maxAttempts)
                    .withDeadline(deadline)
                    .withBackOff(backOff)
                    .withHintCap(hintCap)
                    .withBudget(RetryBudget.of(budget, 1_000))
                    .withClassifier(failure -> verdicts.get(((Numbered) failure).number - 1));
            Retry retry = world.retry(policy);
            int[] attempts = {0};
            List<Numbered> thrown = new ArrayList<>();
            Duration[] begun = new Duration[1];
            Throwable end = null;
            try {
                retry.execute(context -> {
                    begun[0] = context.elapsed();
                    assertThat(context.attempt()).as(name).isEqualTo(++attempts[0]);
                    world.pass(attemptTime);
                    if (attempts[0] <= verdicts.size()) {
                        thrown.add(new Numbered(attempts[0]));
                        throw thrown.get(thrown.size() - 1);
                    }
                    return "done";
                });
            } catch (Throwable caught) {
                end = caught;
            }

            assertThat(attempts[0]).as(name).isBetween(1, Math.min(maxAttempts, budget + 1));
            assertThat(begun[0]).as(name + ": the last attempt began").isLessThan(deadline);
            assertThat(world.sleeps).as(name).hasSizeLessThanOrEqualTo(attempts[0] - 1);
            for (Duration sleep : world.sleeps) {
                assertThat(sleep).as(name).isPositive().isLessThanOrEqualTo(hintCap.compareTo(cap) > 0 ? hintCap : cap);
            }
            Verdict last = attempts[0] <= verdicts.size() ? verdicts.get(attempts[0] - 1) : null;
            if (last == null) {
                assertThat(end).as(name).isNull();
                return "success";
            } else if (last == Verdict.FAIL || last == Verdict.AMBIGUOUS) {
                assertThat(end).as(name).isSameAs(thrown.get(thrown.size() - 1));
                assertThat(end.getSuppressed()).as(name).hasSize(thrown.size() - 1);
                return last.toString();
            } else {
                RetryExhaustedException exhausted = (RetryExhaustedException) end;
                checkExhausted(name, exhausted, attempts[0], thrown);
                return exhausted.reason().toString();
            }
        }

        private void checkExhausted(
                String name, RetryExhaustedException end, int attempts, List<? extends Throwable> thrown) {
            assertThat(end.attempts()).as(name).isEqualTo(attempts);
            assertThat(end.failures())
                    .as(name)
                    .extracting(FailedAttempt::failure)
                    .isEqualTo(thrown);
            Duration refused = end.failures().get(attempts - 1).delay();
            switch (end.reason()) {
                case ATTEMPTS -> assertThat(attempts).as(name).isEqualTo(maxAttempts);
                case BUDGET -> assertThat(attempts).as(name).isEqualTo(budget + 1);
                case DEADLINE ->
                    assertThat(end.elapsed().plus(refused)).as(name).isGreaterThanOrEqualTo(deadline);
                case INTERRUPTED -> throw new AssertionError(name);
            }
        }
    }

    private static final class Numbered extends IOException {
        private static final long serialVersionUID = 1L;
        private final int number;

        Numbered(int number) {
            this.number = number;
        }
    }
}

package dev.counterfoil.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The path that nearly all executions take costs no memory. */
class AllocationTest {

    private static final int CALLS = 20_000;

    @Test
    void aSuccessAtTheFirstAttemptAllocatesNothing() throws Exception {
        ThrowingSupplier<String, RuntimeException> supplier = () -> "done";
        ThrowingRunnable<RuntimeException> runnable = () -> {};
        for (RetryPolicy policy : new RetryPolicy[] {
            RetryPolicy.defaults(),
            RetryPolicy.defaults().withDeadline(Duration.ofSeconds(1)),
            RetryPolicy.defaults().withBudget(RetryBudget.of(1, 1))
        }) {
            Retry retry = Retry.named("transfer", policy);
            String result = "";
            long before = allocated();
            for (int i = 0; i < CALLS; i++) {
                result = retry.execute(supplier);
                retry.run(runnable);
            }
            long bytes = allocated() - before;
            assertThat(result).isEqualTo("done");
            // What the measurement itself costs is far below one byte a call.
            assertThat(bytes).as("%s", policy).isLessThan(CALLS / 2);
        }
    }

    /** By reflection, for the module reads nothing of java.management. */
    private static long allocated() throws Exception {
        Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Method bytes = Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes");
        return (long) bytes.invoke(bean);
    }
}

package dev.counterfoil.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Decision;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.LedgerListener;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.memory.MemoryLedger;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scrape says is what the ledger holds and what its callers were told. */
@Timeout(60)
class LedgerMetersTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 150;
    private static final Unit SAR = Unit.of("SAR", 2);

    @TempDir
    Path directory;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private static BalanceId cell(int account) {
        return AccountId.of("account", "secret-" + account).balance("cash", SAR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite", "sqlite, a commit for each call"})
    void aScrapeAddsUpToTheLedger(String store) throws Exception {
        LedgerMeters meters = new LedgerMeters(registry, "books");
        try (Ledger ledger = open(store, meters)) {
            for (int i = 0; i < 4; i++) {
                ledger.apply(Update.of("open-" + i)
                                .open(cell(i), "20.00", Limits.nonNegative())
                                .build())
                        .orThrow();
            }
            Answers answers = new Answers();
            List<Thread> callers = new ArrayList<>();
            long seed = new Random().nextLong();
            System.out.println("load: seed " + seed);
            for (int caller = 0; caller < CALLERS; caller++) {
                Random random = new Random(seed + caller);
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < CALLS; i++) {
                        call(ledger, random, answers);
                    }
                });
                callers.add(thread);
                thread.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(answers.failures).isEmpty();
            compare(ledger, answers);
        }
    }

    private Ledger open(String store, LedgerListener meters) {
        return store.equals("memory")
                ? MemoryLedger.builder().listener(meters).build()
                : JdbcLedger.builder("jdbc:sqlite:" + directory.resolve("books.db"))
                        .createSchema()
                        .groupCommit(store.equals("sqlite"))
                        .listener(meters)
                        .build();
    }

    /** Transfers under keys of which many come again, some with another content, some in lists, some decided. */
    private static void call(Ledger ledger, Random random, Answers answers) {
        try {
            switch (random.nextInt(8)) {
                case 0 -> {
                    List<Update> list = List.of(update(random), update(random), update(random));
                    ledger.applyEach(list).forEach(answers::add);
                }
                case 1 -> {
                    BalanceId from = cell(random.nextInt(4));
                    String key = "decide-" + random.nextInt(300);
                    answers.add(ledger.decide(
                            key,
                            "take from " + from,
                            List.of(from),
                            now -> now.balance(from).signum() > 0
                                    ? now.update().take(from, "0.10").build()
                                    : now.decline("EMPTY", "nothing is left")));
                }
                case 2 ->
                    answers.add(ledger.apply(Update.of("version-" + random.nextInt(1000))
                            .requireVersion(cell(0), 1)
                            .add(cell(0), "0.01")
                            .build()));
                default -> answers.add(ledger.apply(update(random)));
            }
        } catch (RuntimeException e) {
            answers.failures.add(e);
        }
    }

    /** The content follows from the key, but for one in twenty. */
    private static Update update(Random random) {
        int key = random.nextInt(1500);
        int from = key % 4;
        String amount = BigDecimal.valueOf(random.nextInt(20) == 0 ? 7777 : 1 + key % 500, 2)
                .toPlainString();
        return Update.of("t-" + key)
                .transfer(cell(from), cell((from + 1) % 4), amount)
                .build();
    }

    private void compare(Ledger ledger, Answers answers) {
        System.out.printf("%s%n", answers);
        assertThat(answers.applied).as("the load").isPositive();
        assertThat(answers.replayed).as("the load").isPositive();
        assertThat(answers.keyReused).as("the load").isPositive();
        assertThat(answers.stale).as("the load").isPositive();
        assertThat(answers.refused).as("the load").isNotEmpty();

        // The books: one decision for each key that was applied or refused.
        Set<String> appliedKeys = new HashSet<>();
        Map<Reason, Integer> refusedKeys = new EnumMap<>(Reason.class);
        for (String key : answers.keys) {
            Decision decision = ledger.find(key).orElse(null);
            if (decision instanceof Applied) {
                appliedKeys.add(key);
            } else if (decision instanceof Rejected no) {
                refusedKeys.merge(no.reason(), 1, Integer::sum);
            }
        }
        Scrape scrape = Scrape.of(registry);
        assertThat(scrape.sum("counterfoil_updates_total", "outcome=\"applied\""))
                .isEqualTo(appliedKeys.size() + 4);
        for (Reason reason : Reason.values()) {
            double expected = reason == Reason.VERSION_DIFFERS ? answers.stale : refusedKeys.getOrDefault(reason, 0);
            assertThat(scrape.sum(
                            "counterfoil_refusals_total",
                            "reason=\"" + reason.name().toLowerCase(java.util.Locale.ROOT) + "\""))
                    .as(reason.name())
                    .isEqualTo(expected);
        }

        // The callers' answers.
        assertThat(scrape.sum("counterfoil_updates_total", "outcome=\"replayed\""))
                .isEqualTo(answers.replayed);
        assertThat(scrape.sum("counterfoil_updates_total", "outcome=\"key_reused\""))
                .isEqualTo(answers.keyReused);
        assertThat(scrape.sum("counterfoil_updates_total", "outcome=\"stale\"")).isEqualTo(answers.stale);
        assertThat(scrape.sum("counterfoil_updates_total")).isEqualTo(answers.all + 4);

        // What was sent is what groups were made of.
        assertThat(scrape.sum("counterfoil_group_size_sum")).isEqualTo(answers.all + 4);
        assertThat(scrape.sum("counterfoil_group_size_count"))
                .isEqualTo(scrape.sum("counterfoil_attempts_total", "result=\"committed\""));
        assertThat(scrape.sum("counterfoil_calls_seconds_count", "operation=\"apply\""))
                .isEqualTo(scrape.sum("counterfoil_updates_total", "operation=\"apply\""));
        assertThat(scrape.sum("counterfoil_calls_seconds_bucket", "operation=\"apply\"", "le=\"+Inf\""))
                .isEqualTo(scrape.sum("counterfoil_calls_seconds_count", "operation=\"apply\""));
        assertThat(scrape.sum("counterfoil_calls_seconds_count", "operation=\"find\""))
                .isEqualTo(answers.keys.size());
        assertThat(scrape.sum("counterfoil_calls_in_flight")).isZero();
        assertThat(scrape.sum("counterfoil_queue_length")).isZero();
        assertThat(scrape.labels()).doesNotContain("secret", "t-1", "decide-");
    }

    @Test
    void seriesAreThereBeforeAnythingHappensAndNoneIsAddedByWhatHappens() {
        LedgerMeters meters = new LedgerMeters(registry, "books");
        int before = registry.getMeters().size();
        try (Ledger ledger = MemoryLedger.builder().listener(meters).build()) {
            ledger.namespace("tenant-7")
                    .apply(Update.of("open").open(cell(1)).build())
                    .orThrow();
            ledger.apply(Update.of("no").take(cell(1), "1.00").build());
        }
        assertThat(registry.getMeters()).hasSize(before);
    }

    /** What callers were told. */
    private static final class Answers {
        private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        private final Set<String> keys = new HashSet<>();
        private final Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
        private int all;
        private int applied;
        private int replayed;
        private int keyReused;
        private int stale;

        synchronized void add(Outcome outcome) {
            all++;
            keys.add(outcome.key().value());
            if (outcome instanceof KeyReused) {
                keyReused++;
            } else if (((Decision) outcome).replayed()) {
                replayed++;
            } else if (outcome instanceof Applied) {
                applied++;
            } else if (outcome instanceof Rejected.VersionDiffers) {
                stale++;
            } else {
                refused.merge(((Rejected) outcome).reason(), 1, Integer::sum);
            }
        }

        @Override
        public String toString() {
            return all + " answers: " + applied + " applied, " + refused + " refused, " + replayed + " replayed, "
                    + keyReused + " keys reused, " + stale + " stale";
        }
    }
}

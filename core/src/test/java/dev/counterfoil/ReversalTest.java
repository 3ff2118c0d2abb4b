package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.memory.MemoryLedger;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReversalTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final BalanceId A = AccountId.of("wallet", "a").balance("available", SAR);
    private static final BalanceId B = AccountId.of("wallet", "b").balance("available", SAR);

    private Ledger ledger;
    private Receipt paid;

    @BeforeEach
    void open() {
        ledger = MemoryLedger.create();
        ledger.apply(Update.of("open")
                        .open(A, "100", Limits.nonNegative())
                        .open(B)
                        .build())
                .orThrow();
        paid = ledger.apply(Update.of("pay").transfer(A, B, "30").build())
                .orThrow()
                .receipt();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private String balances() {
        Snapshot now = ledger.read(A.account(), B.account());
        return now.balance(A) + " " + now.balance(B);
    }

    @Test
    void a_reversal_restores_and_can_be_reversed_itself() {
        Receipt back =
                ledger.apply(Update.reversalOf("back", paid).build()).orThrow().receipt();
        assertThat(back.reverses()).isEqualTo(Key.of("pay"));
        assertThat(balances()).isEqualTo("100.00 0.00");
        ledger.apply(Update.reversalOf("forth", back).build()).orThrow();
        assertThat(balances()).isEqualTo("70.00 30.00");
    }

    @Test
    void of_many_reversals_at_once_one_is_applied() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Outcome> outcomes = IntStream.range(0, 32)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> ledger.apply(
                                    Update.reversalOf("back-" + i, paid).build()),
                            threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            Outcome one = outcomes.stream()
                    .filter(o -> o instanceof Applied)
                    .findFirst()
                    .orElseThrow();
            assertThat(outcomes.stream().filter(o -> o != one)).hasSize(31).allSatisfy(o -> {
                Rejected.NotReversible no = (Rejected.NotReversible) o;
                assertThat(no.reason()).isEqualTo(Reason.ALREADY_REVERSED);
                assertThat(no.decidedBy()).isEqualTo(one.key());
                assertThat(no.reversed()).isEqualTo(Key.of("pay"));
            });
        } finally {
            threads.shutdownNow();
        }
        assertThat(balances()).isEqualTo("100.00 0.00");
    }

    @Test
    void a_reversal_is_refused_like_any_update_and_its_refusal_does_not_use_it_up() {
        ledger.apply(Update.of("spend")
                        .take(B, "30")
                        .setLimits(B, Limits.nonNegative())
                        .build())
                .orThrow();
        Rejected no = (Rejected) ledger.apply(Update.reversalOf("back", paid).build());
        assertThat(no.reason()).isEqualTo(Reason.BELOW_MINIMUM);
        ledger.apply(Update.of("refill").add(B, "30").build()).orThrow();
        assertThat(ledger.apply(Update.reversalOf("back", paid).build())).isInstanceOf(Rejected.class);
        ledger.apply(Update.reversalOf("back-2", paid).build()).orThrow();
        assertThat(balances()).isEqualTo("100.00 0.00");
    }

    @Test
    void a_reversal_under_the_key_of_what_it_reverses_is_a_reused_key() {
        assertThat(ledger.apply(Update.reversalOf("pay", paid).build())).isInstanceOf(KeyReused.class);
        assertThat(balances()).isEqualTo("70.00 30.00");
    }

    @Test
    void a_receipt_of_another_namespace_or_ledger_reverses_nothing() {
        Ledger other = ledger.namespace("other");
        for (Ledger elsewhere : List.of(other, MemoryLedger.create())) {
            elsewhere
                    .apply(Update.of("open")
                            .open(A)
                            .open(B, "30", Limits.none())
                            .build())
                    .orThrow();
            Rejected no =
                    (Rejected) elsewhere.apply(Update.reversalOf("back", paid).build());
            assertThat(no.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(no).isInstanceOf(Rejected.NotReversible.class);
        }
        assertThat(other.read(A.account()).balance(A)).isEqualByComparingTo("0");
    }

    @Test
    void a_receipt_that_is_not_the_one_that_is_kept_reverses_nothing_though_its_key_is_known() {
        Ledger other = ledger.namespace("other");
        other.apply(Update.of("open").open(A).open(B).build()).orThrow();
        Receipt own = other.apply(Update.of("pay").transfer(A, B, "5").build())
                .orThrow()
                .receipt();
        Rejected no = (Rejected) other.apply(Update.reversalOf("back", paid).build());
        assertThat(no.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(other.read(A.account()).balance(A)).isEqualByComparingTo("-5");
        other.apply(Update.reversalOf("back-2", own)
                        .requireOpen(A)
                        .open(A.account().journal("log"))
                        .build())
                .orThrow();
        assertThat(other.read(A.account()).balance(A)).isEqualByComparingTo("0");
    }

    @Test
    void a_refused_update_cannot_be_reversed() {
        Receipt never = new Receipt(Key.of("no"), paid.recordedAt(), null, null, null, null, paid.entries());
        assertThat(ledger.apply(Update.of("no").take(A, "1000").build())).isInstanceOf(Rejected.class);
        assertThat(((Rejected) ledger.apply(Update.reversalOf("back", never).build())).reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void the_same_reversal_sent_again_is_the_same_receipt() {
        Update back = Update.reversalOf("back", paid).build();
        Applied first = ledger.apply(back).orThrow();
        Applied again = ledger.apply(
                        Update.reversalOf("back", paid).metadata("rebuilt").build())
                .orThrow();
        assertThat(again.replayed()).isTrue();
        assertThat(again.receipt()).isEqualTo(first.receipt());
    }
}

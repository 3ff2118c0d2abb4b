package dev.counterfoil.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceId;
import dev.counterfoil.CellId;
import dev.counterfoil.EntryType;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.Receipt;
import dev.counterfoil.ReceiptEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.Fingerprint;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
    private static final Unit SAR = Unit.of("SAR", 2);
    private static final AccountId ACCOUNT = AccountId.of("retainer", "42");
    private static final BalanceId A = ACCOUNT.balance("a", SAR);
    private static final BalanceId B = ACCOUNT.balance("b", SAR);
    private static final RegisterId STATUS = ACCOUNT.register("status");
    private static final JournalId LOG = ACCOUNT.journal("log");

    private static Update.Builder update() {
        return Update.of("k");
    }

    private static String of(Update.Builder update) {
        return of("", update);
    }

    private static String of(String namespace, Update.Builder update) {
        Fingerprint fingerprint = Fingerprints.of(namespace, update.build());
        assertThat(fingerprint.version()).isEqualTo(1);
        assertThat(fingerprint.sha256()).matches("[0-9a-f]{64}");
        return fingerprint.sha256();
    }

    private static Update.Builder everyOperation() {
        return update().open(A, "1000.00", Limits.between("-5", "5000.5"))
                .openIfAbsent(B)
                .open(STATUS, "نشط 😀")
                .openIfAbsent(ACCOUNT.register("other"), "")
                .open(LOG)
                .openIfAbsent(ACCOUNT.journal("other log"))
                .increment(A, "-0.01")
                .transfer(A, B, "800.00")
                .compareAndSet(STATUS, "نشط 😀", "CLOSED")
                .append(LOG, "{\"hours\":4}")
                .setLimits(B, Limits.none())
                .requireAtLeast(A, "1")
                .requireAtMost(A, "900.10")
                .requireValue(STATUS, "CLOSED")
                .requireVersion(A, 3)
                .requireOpen(LOG)
                .close(LOG)
                .reopen(LOG);
    }

    private static Update.Builder reversal() {
        ReceiptEntry entry = new ReceiptEntry.OfBalance(
                0, A, EntryType.INCREMENT, 2, new BigDecimal("-800.00"), new BigDecimal("200.00"));
        Receipt receipt = new Receipt(Key.of("client", "pay-1"), Instant.EPOCH, null, null, null, null, List.of(entry));
        return Update.reversalOf("back", receipt);
    }

    /** Fingerprints are kept for ever: if one of these changes, every repeat of an older update becomes KeyReused. */
    @Test
    void the_encoding_of_version_1_never_changes() {
        assertThat(of(update().add(A, "800.00")))
                .isEqualTo("f177212e978511ba1236ab682e81315309f916240d57536097ca670f7d19e93b");
        assertThat(of(everyOperation())).isEqualTo("53f3ae6cd51ff208957ddc1dbf46d773bd93b67e26810b7c1dc360873d87b781");
        assertThat(of("tenant é", everyOperation().reference("invoice/42").force("by order")))
                .isEqualTo("4b8012c38bef7508fbf1c87585909f91c3b25c68bfbafc14c7629b3894e51000");
        assertThat(of(reversal())).isEqualTo("64d16b758611e30556250b1fcfd0c49dc4ae41964471d6b23916d0eb63d97a38");
        assertThat(Fingerprints.of("", "pay 100.00", List.of(A, STATUS, LOG)).sha256())
                .isEqualTo("2ef463db24388d29183e67f0edbd26c669d6350b4850a3983a4751a199fe8165");
    }

    @Test
    void equal_amounts_have_one_fingerprint_however_they_are_written() {
        String one = of(update().add(A, "800.00"));
        assertThat(of(update().add(A, "800.0"))).isEqualTo(one);
        assertThat(of(update().add(A, "800.0000"))).isEqualTo(one);
        assertThat(of(update().add(A, "0800"))).isEqualTo(one);
        assertThat(of(update().add(A, new BigDecimal("8E+2")))).isEqualTo(one);
        assertThat(of(update().increment(A, "800"))).as("add is an increment").isEqualTo(one);
        assertThat(of(update().take(A, "800"))).isNotEqualTo(one);
        assertThat(of(update().setLimits(A, Limits.between("-5.0", "100"))))
                .isEqualTo(of(update().setLimits(A, new Limits(new BigDecimal("-5"), new BigDecimal("1E+2")))));
        assertThat(of(update().requireAtLeast(A, "-0.00"))).isEqualTo(of(update().requireAtLeast(A, "0")));
    }

    @Test
    void what_a_retry_rebuilds_is_no_part_of_it() {
        String plain = of(update().add(A, "1.00"));
        assertThat(of(Update.of(Key.of("other", "key")).add(A, "1.00"))).isEqualTo(plain);
        assertThat(of(update().add(A, "1.00").metadata("anything"))).isEqualTo(plain);
        assertThat(of(update().add(A, "1.00").effectiveAt(Instant.EPOCH))).isEqualTo(plain);
        assertThat(of(update().add(A, "1.00").retryable())).isEqualTo(plain);
        assertThat(of(update().requireVersion(A, 7).add(A, "1.00"))).isEqualTo(plain);
        assertThat(of(update().add(A, "1.00").requireVersion(B, 8))).isEqualTo(plain);
    }

    @Test
    void contents_are_compared_as_their_hashes_are() {
        Fingerprint plain =
                Fingerprints.of("", update().take(A, "1.00").add(B, "2").build());
        List<Update.Builder> same = List.of(
                update().take(ACCOUNT.balance("a", Unit.of("SAR", 2)), "1").add(B, "2.0"),
                update().increment(A, "-1.0").add(B, "2.00"),
                Update.of("other key").take(A, "1.00").add(B, "2").metadata("m").effectiveAt(Instant.EPOCH),
                update().take(A, "1.00").add(B, "2").retryable(),
                update().requireVersion(A, 7)
                        .take(A, "1.00")
                        .requireVersion(B, 8)
                        .add(B, "2")
                        .requireVersion(A, 8));
        for (Update.Builder builder : same) {
            Fingerprint content = Fingerprints.of("", builder.build());
            assertThat(content).isEqualTo(plain).hasSameHashCodeAs(plain);
            assertThat(content.sha256()).isEqualTo(plain.sha256());
            assertThat(content).isEqualTo(new Fingerprint(1, plain.sha256()));
        }
        assertThat(Fingerprints.of("n", same.get(0).build())).isNotEqualTo(plain);
        assertThat(new Fingerprint(2, plain.sha256())).isNotEqualTo(plain);
        assertThat(Fingerprints.of("", update().take(A, "1.00").build())).isNotEqualTo(plain);
        assertThat(plain)
                .isNotEqualTo(Fingerprints.of("", update().take(A, "1.00").build()));
    }

    /** All of these are different wishes; each must have a fingerprint of its own. */
    @Test
    void every_part_that_counts_changes_it() {
        List<Update.Builder> different = new ArrayList<>(List.of(
                update().add(A, "1.00"),
                update().add(A, "1.01"),
                update().take(A, "1.00"),
                update().add(B, "1.00"),
                update().add(A, "1.00").add(A, "1.00"),
                update().add(A, "1.00").add(B, "2.00"),
                update().add(B, "2.00").add(A, "1.00"),
                update().add(AccountId.of("retainer", "43").balance("a", SAR), "1.00"),
                update().add(AccountId.of("wallet", "42").balance("a", SAR), "1.00"),
                update().add(AccountId.of("retaine", "r42").balance("a", SAR), "1.00"),
                update().add(ACCOUNT.balance("a", Unit.of("USD", 2)), "1.00"),
                update().add(ACCOUNT.balance("a", Unit.of("SAR", 3)), "1.00"),
                update().add(A, "1.00").reference("r"),
                update().add(A, "1.00").reference("s"),
                update().add(A, "1.00").force("r"),
                update().add(A, "1.00").force("s"),
                update().take(A, "1.00").add(B, "1.00"),
                update().take(A, "1.00").add(B, "1.00").balanced(),
                update().open(A),
                update().openIfAbsent(A),
                update().open(A, "1.00", Limits.none()),
                update().open(A, "0", Limits.atLeast("0")),
                update().open(A, "0", Limits.atMost("0")),
                update().open(A, "0", Limits.between("0", "0")),
                update().setLimits(A, Limits.none()),
                update().setLimits(A, Limits.nonNegative()),
                update().setLimits(A, Limits.atMost("0")),
                update().setLimits(A, Limits.atMost("1")),
                update().open(STATUS, ""),
                update().open(STATUS, "x"),
                update().openIfAbsent(STATUS, "x"),
                update().open(LOG),
                update().openIfAbsent(LOG),
                update().open(ACCOUNT.register("log"), ""),
                update().append(LOG, ""),
                update().append(LOG, "x"),
                update().append(LOG, "x").append(LOG, "x"),
                update().append(LOG, "xx"),
                update().compareAndSet(STATUS, "ab", "c"),
                update().compareAndSet(STATUS, "a", "bc"),
                update().compareAndSet(STATUS, "c", "ab"),
                update().requireValue(STATUS, "ab"),
                update().requireValue(STATUS, "abc"),
                update().requireAtLeast(A, "1.00"),
                update().requireAtMost(A, "1.00"),
                update().requireAtMost(A, "1.01"),
                update().requireOpen(A),
                update().requireOpen(STATUS),
                update().close(A),
                update().reopen(A),
                reversal(),
                update().increment(A, "800.00")));
        for (int i = 0; i < different.size(); i++) {
            for (int j = 0; j < different.size(); j++) {
                Fingerprint one = Fingerprints.of("", different.get(i).build());
                Fingerprint other = Fingerprints.of("", different.get(j).build());
                assertThat(one.equals(other)).as("contents %d and %d", i, j).isEqualTo(i == j);
            }
        }
        List<String> fingerprints =
                new ArrayList<>(different.stream().map(FingerprintsTest::of).toList());
        fingerprints.add(of("n", update().add(A, "1.00")));
        fingerprints.add(decide("", "x", A));
        fingerprints.add(decide("n", "x", A));
        fingerprints.add(decide("", "y", A));
        fingerprints.add(decide("", "x", B));
        fingerprints.add(decide("", "x", A, B));
        fingerprints.add(decide("", "x", ACCOUNT.register("a")));
        fingerprints.add(decide("", "x", ACCOUNT.balance("a", Unit.of("USD", 2))));
        fingerprints.add(Fingerprints.of("", A, null, "why").sha256());
        fingerprints.add(Fingerprints.of("n", A, null, "why").sha256());
        fingerprints.add(Fingerprints.of("", A, "why", "why").sha256());
        fingerprints.add(Fingerprints.of("", A, "1.00", "why").sha256());
        fingerprints.add(Fingerprints.of("", A, "1.00", "why not").sha256());
        fingerprints.add(Fingerprints.of("", B, null, "why").sha256());
        fingerprints.add(Fingerprints.of("", STATUS, null, "why").sha256());
        assertThat(fingerprints).doesNotHaveDuplicates();
    }

    @Test
    void the_key_that_is_reversed_counts_with_its_scope() {
        List<String> fingerprints = new ArrayList<>();
        for (Key key : List.of(Key.of("ab"), Key.of("a", "b"), Key.of("ab", "c"), Key.of("a", "bc"))) {
            ReceiptEntry entry = new ReceiptEntry.OfBalance(
                    0, A, EntryType.INCREMENT, 2, new BigDecimal("1.00"), new BigDecimal("1.00"));
            fingerprints.add(of(Update.reversalOf(
                    "back", new Receipt(key, Instant.EPOCH, null, null, null, null, List.of(entry)))));
        }
        assertThat(fingerprints).doesNotHaveDuplicates();
    }

    private static String decide(String namespace, String request, CellId... cells) {
        return Fingerprints.of(namespace, request, List.of(cells)).sha256();
    }
}

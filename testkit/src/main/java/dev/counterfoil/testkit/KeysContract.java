package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Outcome;
import dev.counterfoil.Reason;
import dev.counterfoil.RefusedException;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One key, one decision. */
abstract class KeysContract extends ContractPart {
    KeysContract(LedgerContract store) {
        super(store);
    }

    private static Update.Builder consume() {
        return Update.of("consume-1").take(AVAILABLE, "100.00").append(USAGE, "{\"hours\":4}");
    }

    @Test
    void anAppliedKeySentAgainIsAnsweredWithTheIdenticalReceipt() {
        openAccount();
        Applied first = applied(consume());
        Books after = books();

        for (int i = 0; i < 3; i++) {
            assertThat(ledger.apply(consume().build())).isEqualTo(new Applied(first.receipt(), true));
        }

        assertThat(books()).isEqualTo(after);
        assertThat(available()).isEqualTo("900.00");
    }

    @Test
    void anAppliedKeyIsAnsweredAlikeWhateverHappenedToTheAccountSince() {
        openAccount();
        Applied first = applied(consume());
        applied(update().take(AVAILABLE, "900.00"));
        applied(update().close(AVAILABLE).close(USAGE).compareAndSet(STATUS, "ACTIVE", "CLOSED"));

        assertThat(ledger.apply(consume().build())).isEqualTo(new Applied(first.receipt(), true));
    }

    @Test
    void aRefusedKeyIsRefusedAlikeEvenWhenItWouldBeAllowedNow() {
        openAccount();
        Update.Builder tooMuch = Update.of("pay").take(AVAILABLE, "1000.01");
        Rejected.OutOfBounds first = refused(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, tooMuch);
        applied(update().add(AVAILABLE, "5000.00"));
        Books after = books();

        Rejected.OutOfBounds again =
                refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, ledger.apply(tooMuch.build()));

        assertThat(again).isEqualTo(replayed(first));
        assertThat(books()).isEqualTo(after);
    }

    private static Rejected.OutOfBounds replayed(Rejected.OutOfBounds r) {
        return new Rejected.OutOfBounds(r.reason(), replayed(r.context()), r.before(), r.after(), r.limit());
    }

    private static Rejected.Context replayed(Rejected.Context c) {
        return new Rejected.Context(c.key(), c.recordedAt(), true, c.index(), c.cell(), c.decidedBy());
    }

    @Test
    void otherContentUnderAnAppliedKeyIsKeyReusedWithWhatWasDecided() {
        openAccount();
        Applied first = applied(consume());
        Books after = books();

        Outcome reused =
                ledger.apply(Update.of("consume-1").take(AVAILABLE, "1.00").build());

        assertThat(reused).isEqualTo(new KeyReused(new Applied(first.receipt(), true)));
        assertThat(reused.key()).isEqualTo(Key.of("consume-1"));
        assertThatThrownBy(reused::orThrow).isInstanceOf(RefusedException.class);
        assertThat(books()).isEqualTo(after);
        assertThat(ledger.apply(consume().build())).isEqualTo(new Applied(first.receipt(), true));
    }

    @Test
    void otherContentUnderARefusedKeyIsKeyReusedWithTheRefusal() {
        openAccount();
        Rejected first = refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                Update.of("pay").take(AVAILABLE, "2000"));
        Books after = books();

        Outcome reused = ledger.apply(Update.of("pay").take(AVAILABLE, "1.00").build());

        assertThat(reused).isInstanceOf(KeyReused.class);
        Decision stored = ((KeyReused) reused).stored();
        assertThat(stored).isEqualTo(replayed((Rejected.OutOfBounds) first));
        assertThat(books()).isEqualTo(after);
    }

    @Test
    void aKeyThatOnlyMeetsAtTheDecisionIsStillOneKey() {
        // Two updates that share no cell, one of them opening its own.
        openAccount();
        applied(Update.of("shared").take(AVAILABLE, "1.00"));

        assertThat(ledger.apply(Update.of("shared").open(OTHER).build())).isInstanceOf(KeyReused.class);
        assertThat(ledger.read(OTHER.account()).cells()).isEmpty();
    }

    @Test
    void aRetryableRefusalIsNotKept() {
        openAccount();
        Update.Builder pay = Update.of("pay").take(AVAILABLE, "1500.00").retryable();
        refused(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, pay);
        assertThat(ledger.find("pay")).isEmpty();
        assertThat(((Decision) ledger.apply(pay.build())).replayed()).isFalse();

        applied(update().add(AVAILABLE, "500.00"));

        Applied applied = applied(pay);
        assertThat(ledger.apply(pay.build())).isEqualTo(new Applied(applied.receipt(), true));
    }

    @Test
    void aRetryableRefusalLeavesTheKeyFreeForOtherContent() {
        openAccount();
        refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                Update.of("pay").take(AVAILABLE, "1500").retryable());

        applied(Update.of("pay").take(AVAILABLE, "10.00"));
    }

    @Test
    void aRefusalThatIsKeptStaysKeptForARetryableRepeat() {
        openAccount();
        refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                Update.of("pay").take(AVAILABLE, "1500.00"));
        applied(update().add(AVAILABLE, "5000.00"));

        Outcome again = ledger.apply(
                Update.of("pay").take(AVAILABLE, "1500.00").retryable().build());

        assertThat(refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, again)
                        .replayed())
                .isTrue();
    }

    @Test
    void stalenessIsNoDecision() {
        openAccount();
        Update.Builder stale = Update.of("edit").requireVersion(STATUS, 2).compareAndSet(STATUS, "ACTIVE", "PAUSED");
        Rejected.VersionDiffers first = refused(Rejected.VersionDiffers.class, Reason.VERSION_DIFFERS, stale);
        assertThat(first.observed()).isEqualTo(1);
        assertThat(first.required()).isEqualTo(2);
        assertThat(ledger.find("edit")).isEmpty();
        assertThat(((Decision) ledger.apply(stale.build())).replayed()).isFalse();

        // The retry has read again, so it asks for another version, under the same key.
        applied(Update.of("edit").requireVersion(STATUS, 1).compareAndSet(STATUS, "ACTIVE", "PAUSED"));

        assertThat(((Decision) ledger.apply(stale.build())).replayed()).isTrue();
    }

    @Test
    void scopesKeepTheKeysOfTwoClientsApart() {
        openAccount();
        applied(Update.of(Key.of("client-1", "pay")).take(AVAILABLE, "1.00"));
        applied(Update.of(Key.of("client-2", "pay")).take(AVAILABLE, "2.00"));
        applied(Update.of(Key.of("pay")).take(AVAILABLE, "4.00"));

        assertThat(ledger.apply(Update.of(Key.of("client-1", "pay"))
                        .take(AVAILABLE, "9.00")
                        .build()))
                .isInstanceOf(KeyReused.class);
        assertThat(available()).isEqualTo("993.00");
        assertThat(ledger.find(Key.of("client-2", "pay"))).isPresent();
        assertThat(ledger.find(Key.of("client-3", "pay"))).isEmpty();
        // Where one text ends and the other begins is part of the key.
        applied(Update.of(Key.of("client-1p", "ay")).take(AVAILABLE, "8.00"));
    }

    @Test
    void keysAreComparedCharacterByCharacter() {
        openAccount();
        String printable =
                IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
        String longest = printable.repeat(3).substring(0, 255);
        List<Key> keys = List.of(
                Key.of("pay"),
                Key.of("PAY"),
                Key.of("pay "),
                Key.of(" pay"),
                Key.of("pay%"),
                Key.of("pa_"),
                Key.of("pay'--"),
                Key.of("pay\\"),
                Key.of("\"pay\""),
                Key.of("0"),
                Key.of("00"),
                Key.of("NULL"),
                Key.of(longest),
                Key.of(longest.substring(0, 254)),
                Key.of(longest, longest),
                Key.of(" ", "pay"));
        for (Key key : keys) {
            assertThat(ledger.find(key)).as(key.toString()).isEmpty();
            applied(Update.of(key).add(AVAILABLE, "1.00"));
        }

        for (Key key : keys) {
            assertThat(ledger.find(key).orElseThrow().key()).isEqualTo(key);
            assertThat(ledger.apply(Update.of(key).add(AVAILABLE, "1.00").build())
                            .orThrow()
                            .replayed())
                    .isTrue();
        }
        assertThat(Books.history(ledger, AVAILABLE))
                .extracting(entry -> entry.key())
                .endsWith(keys.toArray(Key[]::new));
    }

    @Test
    void findGivesTheDecisionUnderAKey() {
        Applied opened = openAccount();
        Rejected refused = refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                Update.of("pay").take(AVAILABLE, "2000"));

        assertThat(ledger.find(OPENING)).contains(new Applied(opened.receipt(), true));
        assertThat(ledger.find("pay")).contains(replayed((Rejected.OutOfBounds) refused));
        assertThat(ledger.find("never-sent")).isEmpty();
    }

    @Test
    void theFirstMetadataAndEffectiveTimeWin() {
        openAccount();
        Instant given = Instant.parse("2026-03-01T10:15:30.123456Z");
        Applied first = applied(
                Update.of("a").take(AVAILABLE, "1.00").metadata("attempt 1").effectiveAt(given));

        Outcome again = ledger.apply(
                Update.of("a").take(AVAILABLE, "1.00").metadata("attempt 2").build());

        assertThat(again).isEqualTo(new Applied(first.receipt(), true));
        assertThat(first.receipt().metadata()).isEqualTo("attempt 1");
        assertThat(first.receipt().effectiveAt()).isEqualTo(given);
    }

    @Test
    void decideAndApplyShareTheKeys() {
        openAccount();
        applied(Update.of("one").take(AVAILABLE, "1.00"));
        Outcome asDecide = ledger.decide("one", "take", List.of(AVAILABLE), now -> {
            throw new AssertionError("a key that is decided already is answered without the function");
        });
        assertThat(asDecide).isInstanceOf(KeyReused.class);

        ledger.decide(
                        "two",
                        "take",
                        List.of(AVAILABLE),
                        now -> now.update().take(AVAILABLE, "1.00").build())
                .orThrow();
        assertThat(ledger.apply(Update.of("two").take(AVAILABLE, "1.00").build()))
                .isInstanceOf(KeyReused.class);
        assertThat(available()).isEqualTo("998.00");
    }

    @Test
    void decisionsOutliveTheLedgerThatMadeThem() {
        Applied opened = openAccount();
        refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                Update.of("pay").take(AVAILABLE, "2000").reference("r"));
        Books before = books();
        ledger.close();

        Ledger later = openAgain(LedgerSettings.defaults());

        assertThat(books(later)).isEqualTo(before);
        assertThat(later.find(OPENING)).contains(new Applied(opened.receipt(), true));
        Outcome again = later.apply(
                Update.of("pay").take(AVAILABLE, "2000").reference("r").build());
        assertThat(((Decision) again).replayed()).isTrue();
    }

    @Test
    void twoLedgersOnOneStoreDecideTogether() {
        openAccount();
        Ledger other = openAgain(LedgerSettings.defaults());
        Applied first = applied(other, consume());

        assertThat(ledger.apply(consume().build())).isEqualTo(new Applied(first.receipt(), true));
        assertThat(books(other)).isEqualTo(books());
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.BalanceId;
import dev.counterfoil.Decision;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Key;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterEntry;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import dev.counterfoil.spi.LedgerSettings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes in comes out exactly: the longest amounts, the strangest texts, the earliest and the latest times. */
abstract class StorageContract extends ContractPart {
    private static final int VALUE_BYTES = 64 * 1024;

    StorageContract(LedgerContract store) {
        super(store);
    }

    /** Texts that some database, driver or encoder has been seen to change. */
    private static List<String> texts() {
        return List.of(
                "",
                " ",
                "  spaces on both sides  ",
                "line\nfeed, carriage\rreturn, both\r\nand a tab\t",
                "'; DROP TABLE counterfoil_entry; --",
                "it's \"quoted\" `three` $$ways$$ \\and escaped\\\\ \\n \\u0041",
                "{\"json\": [1.10, null, \"\\u00e9\"]}",
                "?, ?1, :name, @name, $1, %s, %, _, {fn now()}",
                "NULL",
                "0",
                "00.10",
                "1e5",
                "true",
                "\u0001\u0008\u001b\u007f\u0085",
                "\u00e9 is not e\u0301",
                "\u0645\u0631\u062d\u0628\u0627 \u200f\u202e\u4f60\u597d",
                "\ufeffa byte order mark, and \u2028 a line separator",
                "emoji \ud83d\udcb0 \ud83d\udc69\u200d\ud83d\udc67 and the last \udbff\udffd",
                "x".repeat(VALUE_BYTES),
                "\u00e9".repeat(VALUE_BYTES / 2),
                "\u4e2d".repeat(VALUE_BYTES / 3),
                "\ud83d\udcb0".repeat(VALUE_BYTES / 4));
    }

    @Test
    void amountsOf38DigitsAreExactAtEveryScale() {
        for (int scale : List.of(0, 1, 2, 9, 18)) {
            Unit unit = Unit.of("u" + scale, scale);
            BalanceId cell = ACCOUNT.balance("b" + scale, unit);
            BigDecimal most = new BigDecimal(new BigInteger("9".repeat(38)), scale);
            BigDecimal least = new BigDecimal(BigInteger.ONE, scale);
            applied(update().open(cell, most, new Limits(most.negate(), most)));
            applied(update().increment(cell, most.negate()));
            applied(update().increment(cell, most.negate()));
            applied(update().increment(cell, least));

            BigDecimal last = most.negate().add(least);
            assertThat(ledger.read(ACCOUNT).balance(cell)).isEqualTo(last);
            assertThat(ledger.read(ACCOUNT).find(cell).orElseThrow().limits())
                    .isEqualTo(new Limits(most.negate(), most));
            List<BalanceEntry> entries =
                    ledger.history(cell, PageRequest.first(10)).items();
            assertThat(entries)
                    .extracting(BalanceEntry::after)
                    .containsExactly(most, BigDecimal.ZERO.setScale(scale), most.negate(), last);
            assertThat(entries)
                    .extracting(BalanceEntry::delta)
                    .containsExactly(most, most.negate(), most.negate(), least);
        }
        books();
    }

    @Test
    void smallAmountsKeepTheirScale() {
        BalanceId wei = ACCOUNT.balance("wei", Unit.of("ETH", 18));
        applied(update().open(wei));
        assertThat(ledger.read(ACCOUNT).balance(wei)).isEqualTo(BigDecimal.ZERO.setScale(18));
        for (int i = 0; i < 3; i++) {
            applied(update().add(wei, "0.1"));
        }
        applied(update().take(wei, "0.300000000000000001"));
        assertThat(ledger.read(ACCOUNT).balance(wei)).isEqualTo("-0.000000000000000001");
        Rejected.NotMet no = refused(Rejected.NotMet.class, Reason.BELOW_REQUIRED, update().requireAtLeast(wei, "0"));
        assertThat(no.observed()).isEqualTo("-0.000000000000000001");
        assertThat(((Rejected.NotMet) ledger.find(no.key()).orElseThrow()).observed())
                .isEqualTo(no.observed());
    }

    @Test
    void textsAreKeptAsTheyAre() {
        RegisterId register = ACCOUNT.register("text");
        openAccount();
        applied(update().open(register, "first"));
        String before = "first";
        List<String> texts = texts();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            Update.Builder update = Update.of("text-" + i)
                    .compareAndSet(register, before, text)
                    .append(USAGE, text)
                    .metadata(text);
            Receipt receipt = applied(update).receipt();
            assertThat(receipt.metadata()).isEqualTo(text);
            assertThat(receipt.register(register)).isEqualTo(text);
            assertThat(ledger.read(ACCOUNT).register(register)).isEqualTo(text);
            assertThat(ledger.apply(update.build())).isEqualTo(new Applied(receipt, true));

            Update.Builder check =
                    Update.of("check-" + i).requireValue(register, text + (text.length() < 9999 ? "!" : ""));
            if (text.length() < 9999) {
                Rejected.ValueDiffers no = refused(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, check);
                Rejected.ValueDiffers again =
                        refusal(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, ledger.apply(check.build()));
                assertThat(again.observed()).isEqualTo(no.observed()).isEqualTo(text);
                assertThat(again.required()).isEqualTo(no.required()).isEqualTo(text + "!");
            } else {
                applied(check);
            }
            before = text;
        }
        List<String> expected = new ArrayList<>(texts);
        assertThat(ledger.history(USAGE, PageRequest.first(100)).items().stream()
                        .skip(1)
                        .map(JournalEntry::payload)
                        .toList())
                .isEqualTo(expected);
        expected.add(0, "first");
        assertThat(ledger.history(register, PageRequest.first(100)).items().stream()
                        .map(RegisterEntry::after)
                        .toList())
                .isEqualTo(expected);
    }

    @Test
    void refusalsWithTheLongestTextsAreKept() {
        RegisterId register = ACCOUNT.register("text");
        String here = "\u4e2d".repeat(VALUE_BYTES / 3);
        String asked = "'\"\\\n".repeat(VALUE_BYTES / 4);
        applied(update().open(register, here));
        Update.Builder update = update().requireValue(register, asked);
        refused(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, update);

        Rejected.ValueDiffers again =
                refusal(Rejected.ValueDiffers.class, Reason.VALUE_DIFFERS, ledger.apply(update.build()));
        assertThat(again.observed()).isEqualTo(here);
        assertThat(again.required()).isEqualTo(asked);

        String message = "\ud83d\udcb0".repeat(VALUE_BYTES / 4);
        String code = "x'\"".repeat(21) + "y";
        ledger.decide("no", asked, List.of(register), now -> now.decline(code, message));
        Rejected.Declined declined = (Rejected.Declined) ledger.find("no").orElseThrow();
        assertThat(declined.message()).isEqualTo(message);
        assertThat(declined.code()).isEqualTo(code);
    }

    @Test
    void theLongestNamesAreKept() {
        String emoji = "\ud83d\udcb0";
        AccountId account = AccountId.of(emoji.repeat(16), "'".repeat(3) + emoji.repeat(63));
        BalanceId balance = account.balance("n".repeat(64), Unit.of(emoji.repeat(4), 18));
        BalanceId sql = account.balance("'; DROP TABLE x; --", Unit.of("'\"\\;--", 3));
        String reference = "/".repeat(251) + emoji;
        String reason = "r'".repeat(127) + "x";
        Key key = Key.of("~".repeat(255), "'".repeat(255));
        applied(update().open(balance).open(sql));
        Receipt receipt = applied(Update.of(key)
                        .setLimits(balance, Limits.nonNegative())
                        .take(balance, "1.5")
                        .add(sql, "1.125")
                        .reference(reference)
                        .force(reason))
                .receipt();

        assertThat(ledger.read(account).balance(balance)).isEqualByComparingTo("-1.5");
        assertThat(ledger.read(account).balance(sql)).isEqualTo("1.125");
        assertThat(ledger.history(balance, PageRequest.first(9)).items().get(2).forced())
                .isEqualTo(reason);
        assertThat(ledger.find(key)).contains(new Applied(receipt, true));
        assertThat(ledger.accounts(account.kind(), account.id(), PageRequest.first(1))
                        .items())
                .containsExactly(account);
        Rejected.ReferenceTaken taken = refusal(
                Rejected.ReferenceTaken.class,
                Reason.REFERENCE_TAKEN,
                ledger.apply(update().add(sql, "1").reference(reference).build()));
        assertThat(taken.decidedBy()).isEqualTo(key);
        assertThat(taken.reference()).isEqualTo(reference);
    }

    @Test
    void effectiveTimesAreKeptToTheMicrosecond() {
        openAccount();
        for (String time : List.of(
                "0001-01-01T00:00:00Z",
                "1582-10-10T12:00:00.000001Z",
                "1969-12-31T23:59:59.999999Z",
                "1970-01-01T00:00:00Z",
                "2026-03-29T01:30:00.100000Z",
                "2026-10-25T00:30:00.123456Z",
                "9999-12-31T23:59:59.999999Z")) {
            Instant given = Instant.parse(time);
            Update.Builder update = update().append(USAGE, time).effectiveAt(given);
            Receipt receipt = applied(update).receipt();
            assertThat(receipt.effectiveAt()).isEqualTo(given);
            assertThat(ledger.apply(update.build())).isEqualTo(new Applied(receipt, true));
        }
        assertThat(ledger.history(USAGE, PageRequest.first(100)).items().stream()
                        .skip(1))
                .allSatisfy(entry -> assertThat(entry.effectiveAt()).isEqualTo(Instant.parse("" + entry.payload())));
        assertThat(applied(update().append(USAGE, "").effectiveAt(Instant.parse("2026-01-01T00:00:00.123456789Z")))
                        .receipt()
                        .effectiveAt())
                .as("cut to microseconds")
                .isEqualTo(Instant.parse("2026-01-01T00:00:00.123456Z"));
    }

    @Test
    void everyShapeOfRefusalIsAnsweredWordForWord() {
        openAccount();
        applied(update().open(OTHER, "5.00", Limits.atMost("10")).reference("held"));
        Receipt moved = applied(update().add(OTHER, "1.00")).receipt();
        applied(Update.reversalOf(fresh(), moved));
        applied(update().open(ACCOUNT.journal("closed")).close(ACCOUNT.journal("closed")));
        List<Update.Builder> all = List.of(
                update().take(AVAILABLE, "1000.01"),
                update().append(USAGE, "x").add(OTHER, "6.00"),
                update().add(AVAILABLE, "9".repeat(36)),
                update().requireAtLeast(AVAILABLE, "1001"),
                update().requireAtMost(AVAILABLE, "999.9"),
                update().requireValue(STATUS, "\ud83d\udcb0"),
                update().compareAndSet(STATUS, "a", "b"),
                update().add(ACCOUNT.balance("usage", POINTS), 1),
                update().append(ACCOUNT.journal("available"), ""),
                update().open(ACCOUNT.balance("available", Unit.of("EUR", 0))),
                update().add(ACCOUNT.balance("available", Unit.of("EUR", 0)), 1),
                update().close(AVAILABLE),
                update().reopen(STATUS),
                update().append(ACCOUNT.journal("closed"), ""),
                update().requireOpen(ACCOUNT.register("none")),
                update().add(OTHER, "1.00").reference("held"),
                Update.reversalOf(fresh(), moved),
                Update.reversalOf(
                        fresh(),
                        new Receipt(Key.of("s", "k"), moved.recordedAt(), null, null, null, null, moved.entries())));
        for (Update.Builder update : all) {
            Decision first = (Decision) ledger.apply(update.build());
            Decision again = (Decision) ledger.apply(update.build());
            assertThat(first).isInstanceOf(Rejected.class);
            assertThat(first.replayed()).isFalse();
            assertThat(again.replayed()).isTrue();
            assertThat(again.recordedAt()).isEqualTo(first.recordedAt());
            assertThat(again.toString()).isEqualTo(first.toString().replace("replayed=false", "replayed=true"));
            assertThat(ledger.find(first.key())).contains(again);
        }
    }

    @Test
    void anotherLedgerReadsTheSame() {
        amountsOf38DigitsAreExactAtEveryScale();
        smallAmountsKeepTheirScale();
        everyShapeOfRefusalIsAnsweredWordForWord();
        Ledger other = openAgain(LedgerSettings.defaults());
        Books here = books();
        assertThat(books(other)).isEqualTo(here);
        for (var entries : here.entries().values()) {
            entries.forEach(entry -> assertThat(other.find(entry.key())).isEqualTo(ledger.find(entry.key())));
        }
    }
}

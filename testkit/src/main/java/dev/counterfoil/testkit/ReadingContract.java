package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.counterfoil.AccountId;
import dev.counterfoil.BalanceEntry;
import dev.counterfoil.Cell;
import dev.counterfoil.JournalEntry;
import dev.counterfoil.Limits;
import dev.counterfoil.Page;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Snapshot;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reads, pages of a history, and the accounts of a kind. */
abstract class ReadingContract extends ContractPart {
    /** Ids whose order by bytes differs from the one by chars, by case or by language. */
    private static final List<String> IDS = List.of(
            "%",
            "'",
            "-",
            "0",
            "10",
            "9",
            "A",
            "B",
            "\\",
            "_",
            "_x",
            "a",
            "a%",
            "a/b",
            "a\u0301",
            "ab",
            "b",
            "z",
            "\u00e1",
            "\u00df",
            "\u0416",
            "\u05d0",
            "\u4e2d",
            "\ud7ff",
            "\ud7ffa",
            "\ue000",
            "\uff5a",
            "\uff5ab",
            "\ud800\udc00",
            "\ud83d\ude00",
            "\ud83d\ude00x",
            "\udbff\udffd");

    ReadingContract(LedgerContract store) {
        super(store);
    }

    @Test
    void severalAccountsAreReadAtOnceInBinaryOrder() {
        openAccount();
        applied(update().open(OTHER, "5.00", Limits.none()).open(OTHER.account().register("Z"), "z"));
        AccountId none = AccountId.of(KIND, "none");
        Snapshot read = ledger.read(OTHER.account(), none, ACCOUNT, OTHER.account());

        assertThat(read.cells())
                .extracting(Cell::id)
                .containsExactly(AVAILABLE, STATUS, USAGE, OTHER.account().register("Z"), OTHER);
        assertThat(read.cells(none)).isEmpty();
        assertThat(read.cells(ACCOUNT)).hasSize(3);
        assertThat(read.balance(OTHER)).isEqualTo("5.00");
        assertThat(read.balance(AVAILABLE)).isEqualTo("1000.00");
        assertThatIllegalArgumentException().isThrownBy(() -> read.cells(AccountId.of(KIND, "unasked")));
    }

    @Test
    void whatIsNotThereIsFoundEmpty() {
        openAccount();
        Snapshot read = ledger.read(ACCOUNT, OTHER.account());
        assertThat(read.find(OTHER)).isEmpty();
        assertThat(read.find(ACCOUNT.register("none"))).isEmpty();
        assertThat(read.find(ACCOUNT.journal("none"))).isEmpty();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> read.balance(OTHER));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> read.find(ACCOUNT.journal("status")));
        assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> read.find(ACCOUNT.balance("available", POINTS)));
    }

    @Test
    void aThousandAccountsAreReadAtOnce() {
        AccountId[] accounts = IntStream.range(0, 1000)
                .mapToObj(i -> AccountId.of(KIND, "many-" + i))
                .toArray(AccountId[]::new);
        Update.Builder open = update();
        Arrays.stream(accounts).forEach(account -> open.open(account.balance("b", SAR)));
        applied(open);
        assertThat(ledger.read(accounts).cells()).hasSize(1000);
    }

    @Test
    void aHistoryIsReadPageByPageWhateverTheSize() {
        openAccount();
        for (int i = 1; i < 12; i++) {
            applied(update().take(AVAILABLE, "1.00"));
        }
        List<BalanceEntry> all =
                ledger.history(AVAILABLE, PageRequest.first(1000)).items();
        assertThat(all).hasSize(12);
        for (int size = 1; size <= 13; size++) {
            List<BalanceEntry> collected = new ArrayList<>();
            Optional<PageRequest> next = Optional.of(PageRequest.first(size));
            int pages = 0;
            while (next.isPresent()) {
                Page<BalanceEntry> page = ledger.history(AVAILABLE, next.get());
                assertThat(page.items()).hasSizeLessThanOrEqualTo(size).isNotEmpty();
                collected.addAll(page.items());
                next = page.next();
                pages++;
            }
            assertThat(collected).as("pages of " + size).isEqualTo(all);
            assertThat(pages).as("pages of " + size).isEqualTo((12 + size - 1) / size);
        }
    }

    @Test
    void theCursorOfAHistoryStaysValidWhileTheLedgerGoesOn() {
        openAccount();
        applied(update().append(USAGE, "1").append(USAGE, "2"));
        PageRequest next = ledger.history(USAGE, PageRequest.first(2)).next().orElseThrow();
        applied(update().append(USAGE, "3"));
        applied(update().close(USAGE));

        Page<JournalEntry> rest = ledger.history(USAGE, PageRequest.after(String.valueOf(next.cursor()), 10));
        assertThat(rest.items()).extracting(JournalEntry::payload).containsExactly("2", "3", null);
        assertThat(rest.next()).isEmpty();
        assertThat(ledger.history(USAGE, next).items())
                .as("again, and as large as the page before")
                .extracting(JournalEntry::payload)
                .containsExactly("2", "3");
        for (String broken : List.of("", "x", "-1", "1;", "9".repeat(40))) {
            assertThatIllegalArgumentException().isThrownBy(() -> ledger.history(USAGE, PageRequest.after(broken, 10)));
        }
    }

    @Test
    void theHistoryOfWhatIsNotThereIsEmptyAndOfAnotherCellRefused() {
        openAccount();
        assertThat(ledger.history(OTHER, PageRequest.first(10)).items()).isEmpty();
        assertThat(ledger.history(OTHER, PageRequest.first(10)).next()).isEmpty();
        assertThat(ledger.history(ACCOUNT.register("none"), PageRequest.first(10))
                        .items())
                .isEmpty();
        PageRequest first = PageRequest.first(10);
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.history(ACCOUNT.journal("status"), first));
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.history(ACCOUNT.register("available"), first));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.history(ACCOUNT.balance("available", Unit.of("EUR", 2)), first));
    }

    private void openIds() {
        Update.Builder open = update();
        List<String> shuffled = new ArrayList<>(IDS);
        Collections.shuffle(shuffled, new Random(42));
        shuffled.forEach(id -> open.open(AccountId.of(KIND, id).journal("a")));
        applied(open);
    }

    private List<String> ids(String prefix, int size) {
        List<String> ids = new ArrayList<>();
        Optional<PageRequest> next = Optional.of(PageRequest.first(size));
        while (next.isPresent()) {
            Page<AccountId> page = ledger.accounts(KIND, prefix, next.get());
            assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
            assertThat(page.items().isEmpty() && !ids.isEmpty())
                    .as("a page that was announced, and has nothing")
                    .isFalse();
            page.items().forEach(account -> ids.add(account.id()));
            assertThat(ids).hasSizeLessThanOrEqualTo(IDS.size());
            next = page.next();
        }
        return ids;
    }

    private static List<String> inBinaryOrder(List<String> ids) {
        return ids.stream()
                .sorted((a, b) ->
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    @Test
    void accountsAreListedInTheOrderOfTheirBytes() {
        openIds();
        List<String> expected = inBinaryOrder(IDS);
        assertThat(expected)
                .as("not what sorting by chars gives")
                .isNotEqualTo(IDS.stream().sorted().toList());
        for (int size : List.of(1, 2, 3, 7, IDS.size(), 1000)) {
            assertThat(ids("", size)).as("pages of " + size).isEqualTo(expected);
        }
    }

    @Test
    void accountsAreListedByTheBeginningOfTheirIds() {
        openIds();
        List<String> prefixes = new ArrayList<>(IDS);
        prefixes.addAll(List.of("", "A%", "B_", "\ud83d\ude00y", "zz", "*", "a%b", "\"", "1"));
        for (String prefix : prefixes) {
            List<String> expected = inBinaryOrder(
                    IDS.stream().filter(id -> id.startsWith(prefix)).toList());
            assertThat(ids(prefix, 1000)).as("prefix " + prefix).isEqualTo(expected);
            assertThat(ids(prefix, 1)).as("prefix " + prefix + ", one by one").isEqualTo(expected);
        }
    }

    @Test
    void cellsOfAnAccountAreInTheOrderOfTheirBytes() {
        Update.Builder open = update();
        IDS.forEach(name -> open.open(ACCOUNT.journal(name)));
        applied(open);
        assertThat(ledger.read(ACCOUNT).cells())
                .extracting(cell -> cell.id().name())
                .isEqualTo(inBinaryOrder(IDS));
    }

    @Test
    void accountsAreListedByTheirKindAndOnceEach() {
        openAccount();
        applied(update().open(OTHER)
                .open(AccountId.of("Retainer", "1").journal("j"))
                .open(AccountId.of("retainers", "2").journal("j"))
                .open(AccountId.of("retain_r", "3").journal("j")));
        assertThat(ledger.accounts(KIND, "", PageRequest.first(10)).items()).containsExactly(ACCOUNT, OTHER.account());
        assertThat(ledger.accounts("Retainer", "", PageRequest.first(10)).items())
                .containsExactly(AccountId.of("Retainer", "1"));
        assertThat(ledger.accounts("none", "", PageRequest.first(10)).items()).isEmpty();
    }

    @Test
    void theCursorOfAListStaysValidWhileAccountsCome() {
        for (String id : List.of("b", "d", "f")) {
            applied(update().open(AccountId.of(KIND, id).journal("j")));
        }
        Page<AccountId> first = ledger.accounts(KIND, "", PageRequest.first(2));
        assertThat(first.items()).extracting(AccountId::id).containsExactly("b", "d");
        for (String id : List.of("a", "c", "e", "g")) {
            applied(update().open(AccountId.of(KIND, id).journal("j")));
        }

        Page<AccountId> second = ledger.accounts(KIND, "", first.next().orElseThrow());
        assertThat(second.items()).extracting(AccountId::id).containsExactly("e", "f");
        Page<AccountId> last = ledger.accounts(KIND, "", second.next().orElseThrow());
        assertThat(last.items()).extracting(AccountId::id).containsExactly("g");
        assertThat(last.next()).isEmpty();
    }

    @Test
    void anAccountIsListedOnlyWhenAnUpdateOpenedIt() {
        openAccount();
        ledger.apply(update().open(OTHER).take(AVAILABLE, "9999").build());
        ledger.read(AccountId.of(KIND, "read"));
        ledger.history(AccountId.of(KIND, "asked").journal("j"), PageRequest.first(1));
        assertThat(ledger.accounts(KIND, "", PageRequest.first(10)).items()).containsExactly(ACCOUNT);
    }
}

package dev.counterfoil.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.Decision;
import dev.counterfoil.Key;
import dev.counterfoil.KeyReused;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.Outcome;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Reason;
import dev.counterfoil.Receipt;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Business references, and namespaces, which scope everything. */
abstract class ReferencesContract extends ContractPart {
    private static final String INVOICE = "invoice/42/payment";

    ReferencesContract(LedgerContract store) {
        super(store);
    }

    @Test
    void aReferenceIsHeldByOneAppliedUpdateForEver() {
        openAccount();
        Applied first = applied(Update.of("tab-1").take(AVAILABLE, "1.00").reference(INVOICE));
        assertThat(first.receipt().reference()).isEqualTo(INVOICE);

        Update.Builder second = Update.of("tab-2").take(AVAILABLE, "1.00").reference(INVOICE);
        Rejected.ReferenceTaken taken =
                refusedAt(Rejected.NO_OPERATION, null, Rejected.ReferenceTaken.class, Reason.REFERENCE_TAKEN, second);

        assertThat(taken.decidedBy()).isEqualTo(Key.of("tab-1"));
        assertThat(taken.reference()).isEqualTo(INVOICE);
        assertThat(((Decision) ledger.apply(second.build())).replayed())
                .as("kept")
                .isTrue();
        assertThat(ledger.apply(Update.of("tab-1")
                                .take(AVAILABLE, "1.00")
                                .reference(INVOICE)
                                .build())
                        .orThrow()
                        .replayed())
                .isTrue();
    }

    @Test
    void aRefusedUpdateDoesNotHoldItsReference() {
        openAccount();
        refused(
                Rejected.OutOfBounds.class,
                Reason.BELOW_MINIMUM,
                update().take(AVAILABLE, "2000").reference(INVOICE));

        applied(update().take(AVAILABLE, "1.00").reference(INVOICE));
    }

    @Test
    void aReversedUpdateStillHoldsItsReference() {
        openAccount();
        Applied first = applied(update().take(AVAILABLE, "1.00").reference(INVOICE));
        applied(Update.reversalOf(fresh(), first.receipt()));

        refused(
                Rejected.ReferenceTaken.class,
                Reason.REFERENCE_TAKEN,
                update().add(AVAILABLE, "1").reference(INVOICE));
    }

    @Test
    void referencesAreComparedCharacterByCharacter() {
        openAccount();
        for (String reference :
                List.of("ref", "REF", "réf", "re\u0301f", "ref ", " ref", "re_", "ref%", "ß", "ss", "\uD83D\uDE00")) {
            applied(update().add(AVAILABLE, "1.00").reference(reference));
        }
    }

    @Test
    void inOneListTheFirstHasTheReference() {
        openAccount();
        List<Outcome> outcomes = ledger.applyEach(List.of(
                Update.of("a").take(AVAILABLE, "2000.00").reference(INVOICE).build(),
                Update.of("b").take(AVAILABLE, "1.00").reference(INVOICE).build(),
                Update.of("c").take(AVAILABLE, "1.00").reference(INVOICE).build()));

        refusal(Rejected.OutOfBounds.class, Reason.BELOW_MINIMUM, outcomes.get(0));
        outcomes.get(1).orThrow();
        Rejected taken = refusal(Rejected.ReferenceTaken.class, Reason.REFERENCE_TAKEN, outcomes.get(2));
        assertThat(taken.decidedBy()).isEqualTo(Key.of("b"));
    }

    @Test
    void ofManyAtOnceOneHasTheReference() throws Exception {
        int threads = 8;
        // Each in an account of its own, so that they share nothing but the reference.
        List<Outcome> outcomes = Crowd.ask(
                threads,
                i -> () -> ledger.apply(Update.of("tab-" + i)
                        .open(AccountId.of(KIND, "tab-" + i).balance("paid", SAR), "1.00", Limits.none())
                        .reference(INVOICE)
                        .build()));

        List<Outcome> applied =
                outcomes.stream().filter(Applied.class::isInstance).toList();
        assertThat(applied).hasSize(1);
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Rejected no) {
                assertThat(no.reason()).isEqualTo(Reason.REFERENCE_TAKEN);
                assertThat(no.decidedBy()).isEqualTo(applied.get(0).key());
            }
        }
        assertThat(books().cells()).hasSize(1);
    }

    @Test
    void namespacesShareNothing() {
        Applied here = openAccount();
        applied(Update.of("a").take(AVAILABLE, "1.00").reference(INVOICE));
        Books before = books();
        Ledger there = ledger.namespace("tenant-2");
        assertThat(there.read(ACCOUNT).cells()).isEmpty();
        assertThat(there.find(OPENING)).isEmpty();
        assertThat(there.accounts(KIND, "", PageRequest.first(10)).items()).isEmpty();
        assertThat(there.history(AVAILABLE, PageRequest.first(10)).items()).isEmpty();

        // The same key with other content, the same cells, the same reference.
        applied(there, Update.of(OPENING).open(AVAILABLE, "7.00", Limits.none()).open(STATUS, "NEW"));
        applied(there, Update.of("a").take(AVAILABLE, "2.00").reference(INVOICE));

        assertThat(there.read(ACCOUNT).balance(AVAILABLE)).isEqualTo("5.00");
        assertThat(Books.history(there, AVAILABLE)).hasSize(2);
        assertThat(books()).isEqualTo(before);
        assertThat(ledger.find(OPENING)).contains(new Applied(here.receipt(), true));
    }

    @Test
    void anUpdateOfAnotherNamespaceCannotBeReversedFromHere() {
        openAccount();
        Applied here = applied(Update.of("a").take(AVAILABLE, "1.00"));
        Ledger there = ledger.namespace("tenant-2");
        applied(there, Update.of("open").open(AVAILABLE, "5.00", Limits.none()));

        Outcome outcome = there.apply(Update.reversalOf("back", here.receipt()).build());

        Rejected.NotReversible no = refusal(Rejected.NotReversible.class, Reason.NOT_FOUND, outcome);
        assertThat(no.reversed()).isEqualTo(Key.of("a"));
        assertThat(no.decidedBy()).isNull();
        applied(Update.reversalOf("back", here.receipt()));
    }

    @Test
    void anUpdateIsReversedOnceInItsNamespace() {
        Ledger there = ledger.namespace("tenant-2");
        List<Receipt> receipts = new ArrayList<>();
        for (Ledger each : List.of(ledger, there)) {
            applied(each, Update.of(OPENING).open(AVAILABLE));
            receipts.add(applied(each, Update.of("a").add(AVAILABLE, "1.00")).receipt());
        }
        for (Ledger each : List.of(there, ledger)) {
            applied(each, Update.reversalOf("back", receipts.get(0)));
            Outcome again =
                    each.apply(Update.reversalOf("again", receipts.get(1)).build());
            assertThat(refusal(Rejected.NotReversible.class, Reason.ALREADY_REVERSED, again)
                            .decidedBy())
                    .isEqualTo(Key.of("back"));
        }
    }

    @Test
    void namespacesAreComparedCharacterByCharacter() {
        List<String> names = List.of("", "tenant", "TENANT", "tenant ", "ténant", "t%", "\uD83C\uDFE6", "x".repeat(64));
        for (String name : names) {
            Ledger there = ledger.namespace(name);
            applied(there, Update.of(OPENING).open(AVAILABLE, Integer.toString(name.length()), Limits.none()));
        }
        for (String name : names) {
            Ledger there = ledger.namespace(name);
            assertThat(there.read(ACCOUNT).balance(AVAILABLE)).as(name).isEqualByComparingTo("" + name.length());
            assertThat(there.accounts(KIND, "", PageRequest.first(10)).items()).containsExactly(ACCOUNT);
        }
    }

    @Test
    void aNamespaceOfANamespaceIsThatNamespace() {
        openAccount();
        Ledger back = ledger.namespace("tenant-2").namespace("");

        assertThat(back.apply(Update.of(OPENING).open(OTHER).build())).isInstanceOf(KeyReused.class);
        assertThat(books(back)).isEqualTo(books());
    }
}

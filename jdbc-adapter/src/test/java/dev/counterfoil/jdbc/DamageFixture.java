package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.CellId;
import dev.counterfoil.Finding;
import dev.counterfoil.JournalId;
import dev.counterfoil.Ledger;
import dev.counterfoil.Limits;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Update;
import dev.counterfoil.Verification;
import dev.counterfoil.VerifyListener;
import dev.counterfoil.VerifyRequest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small books in a namespace of their own for each test, with others beside them that stay whole, and an operator who changes
 * their rows by plain SQL.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class DamageFixture {
    static final AccountId ORDER = AccountId.of("order", "7");
    static final RegisterId STATUS = ORDER.register("status");
    static final JournalId LOG = ORDER.journal("log");

    private final JoinedBooks books;
    private final boolean guarded;
    private int tests;
    private Ledger beside;

    HikariDataSource pool;
    JdbcLedger all;
    Ledger ledger;
    String namespace;

    /** Books on a database; unguarded ones have no triggers, unique indexes and constraints on what is damaged. */
    DamageFixture(JoinedBooks books, boolean guarded) {
        this.books = books;
        this.guarded = guarded;
    }

    @BeforeAll
    void openDatabase(@TempDir Path directory) throws SQLException {
        pool = books.open(directory);
        all = JdbcLedger.builder(pool).createSchema().build();
        try (PlainSql sql = operator()) {
            Guards.drop(books, sql, guarded);
        }
        beside = all.namespace("beside");
        fill(beside);
    }

    @AfterAll
    void closeDatabase() {
        all.close();
        pool.close();
    }

    @BeforeEach
    void openBooks() {
        namespace = "books-" + ++tests;
        ledger = all.namespace(namespace);
        fill(ledger);
    }

    JoinedBooks books() {
        return books;
    }

    /**
     * Drawer 0 has 7 entries: its opening, t-1 to t-3, the reversal of t-1, t-4 and t-5; drawer 1 the same; drawer 2 has 2,
     * drawer 3 has 3, the register 2, the journal 4.
     */
    private static void fill(Ledger ledger) {
        Update.Builder opening = Update.of("open");
        for (int i = 0; i < 4; i++) {
            opening.open(Till.drawer(i), "100.00", Limits.nonNegative());
        }
        Till.apply(ledger, opening.open(STATUS, "new").open(LOG).build());
        Applied first = Till.apply(ledger, transfer("t-1"));
        Till.apply(ledger, transfer("t-2"));
        Till.apply(ledger, transfer("t-3"));
        Till.apply(ledger, Update.reversalOf("back-1", first.receipt()).build());
        Till.apply(ledger, transfer("t-4"));
        Till.apply(ledger, transfer("t-5"));
        Till.apply(
                ledger,
                Update.of("take")
                        .take(Till.drawer(2), "1.00")
                        .reference("invoice-1")
                        .build());
        Applied gift = Till.apply(
                ledger,
                Update.of("gift")
                        .add(Till.drawer(3), "1.00")
                        .reference("invoice-2")
                        .build());
        Till.apply(ledger, Update.reversalOf("back-2", gift.receipt()).build());
        Till.apply(
                ledger, Update.of("paid").compareAndSet(STATUS, "new", "paid").build());
        for (String record : List.of("a", "b", "c")) {
            Till.apply(ledger, Update.of("note-" + record).append(LOG, record).build());
        }
        assertThat(ledger.apply(Update.of("no").take(Till.drawer(2), "1000.00").build()))
                .isInstanceOf(Rejected.class);
    }

    static Update transfer(String key) {
        return Update.of(key).transfer(Till.drawer(0), Till.drawer(1), "1.00").build();
    }

    PlainSql operator() throws SQLException {
        return new PlainSql(pool.getConnection());
    }

    /** Changes rows; in the texts {value} and {key} are columns, {cell} and the others tables. */
    void damage(String... statements) throws SQLException {
        try (PlainSql sql = operator()) {
            for (String statement : statements) {
                sql.run(Guards.words(books, statement));
            }
        }
    }

    List<String> rows(String query) throws SQLException {
        try (PlainSql sql = operator()) {
            return sql.rows(Guards.words(books, query));
        }
    }

    /** The surrogate id of a cell. */
    String id(CellId cell) throws SQLException {
        return rows("SELECT id FROM {cell} WHERE namespace = '" + namespace + "' AND account_kind = '"
                        + cell.account().kind() + "' AND account_id = '"
                        + cell.account().id() + "' AND name = '"
                        + cell.name() + "'")
                .get(0);
    }

    String id(int drawer) throws SQLException {
        return id(Till.drawer(drawer));
    }

    /** The surrogate id of a decision. */
    String decision(String key) throws SQLException {
        return rows("SELECT id FROM {decision} WHERE namespace = '" + namespace + "' AND {key} = '" + key + "'")
                .get(0);
    }

    static String text(Finding finding) {
        return finding + (finding.key() == null ? "" : " " + finding.key().value());
    }

    /** What a verification finds, as text; the books beside have nothing wrong. */
    List<String> findings(VerifyRequest request) {
        List<Finding> told = new ArrayList<>();
        Verification verification = ledger.verify(request, new VerifyListener() {
            @Override
            public void onFinding(Finding finding) {
                told.add(finding);
            }
        });
        assertThat(verification.findings()).isEqualTo(told.size());
        assertThat(verification.first()).isEqualTo(told);
        assertThat(told).allSatisfy(finding -> assertThat(finding.toString()).doesNotContain("00"));
        assertThat(beside.verify(VerifyRequest.all()).first()).isEmpty();
        return told.stream().map(DamageFixture::text).sorted().toList();
    }

    /** Exactly these are found, whatever is asked for of what has to do with them. */
    void assertFound(String... findings) {
        assertThat(findings(VerifyRequest.all())).containsExactlyInAnyOrder(findings);
    }
}

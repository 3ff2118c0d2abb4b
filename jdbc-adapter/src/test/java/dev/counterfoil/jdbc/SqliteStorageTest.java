package dev.counterfoil.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.AccountId;
import dev.counterfoil.Applied;
import dev.counterfoil.BalanceId;
import dev.counterfoil.JournalId;
import dev.counterfoil.Key;
import dev.counterfoil.Limits;
import dev.counterfoil.PageRequest;
import dev.counterfoil.Receipt;
import dev.counterfoil.RegisterId;
import dev.counterfoil.Rejected;
import dev.counterfoil.Unit;
import dev.counterfoil.Update;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables as an operator reads them, with plain SQL. */
@Timeout(60)
class SqliteStorageTest {
    private static final String ISO_MICROS = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";

    @TempDir
    Path directory;

    private JdbcLedger ledger;
    private PlainSql sql;

    @BeforeEach
    void open() {
        Path file = directory.resolve("books.db");
        ledger = JdbcLedger.open("jdbc:sqlite:" + file);
        sql = new PlainSql(file);
    }

    @AfterEach
    void close() throws SQLException {
        ledger.close();
        sql.close();
    }

    @Test
    void amountsOf38DigitsAndScale18AreExact() throws SQLException {
        Unit fine = Unit.of("WEI", 18);
        BalanceId vault = AccountId.of("vault", "1").balance("gold", fine);
        String most = "99999999999999999999.999999999999999998";
        Till.apply(
                ledger,
                Update.of("v-1")
                        .open(vault, most, Limits.between("-" + most, most))
                        .build());
        Till.apply(ledger, Update.of("v-2").take(vault, "0.000000000000000001").build());
        assertThat(sql.one("SELECT unit, scale, amount, typeof(amount), minimum, maximum FROM counterfoil_cell"))
                .isEqualTo("WEI|18|99999999999999999999.999999999999999997|text|-" + most + "|" + most);
        assertThat(sql.rows("SELECT sequence, type, delta, amount, typeof(delta) FROM counterfoil_entry"))
                .containsExactly(
                        "1|OPEN|" + most + "|" + most + "|text",
                        "2|INCREMENT|-0.000000000000000001|99999999999999999999.999999999999999997|text");
        assertThat(ledger.read(vault.account()).balance(vault))
                .isEqualTo(new BigDecimal("99999999999999999999.999999999999999997"));
    }

    @Test
    void zeroAndSmallAmountsAreWrittenWithoutAnExponent() throws SQLException {
        BalanceId vault = AccountId.of("vault", "1").balance("gold", Unit.of("WEI", 18));
        Till.apply(ledger, Update.of("v-1").open(vault).build());
        Till.apply(ledger, Update.of("v-2").add(vault, "0.000000000000000001").build());
        assertThat(sql.rows("SELECT delta, amount FROM counterfoil_entry"))
                .containsExactly(
                        "0.000000000000000000|0.000000000000000000", "0.000000000000000001|0.000000000000000001");
    }

    @Test
    void anAppliedDecisionIsReadableWithItsReceiptAsJson() throws SQLException {
        AccountId account = AccountId.of("retainer", "42");
        BalanceId cash = account.balance("cash", Till.SAR);
        RegisterId status = account.register("status");
        JournalId log = account.journal("log");
        Till.apply(
                ledger,
                Update.of(Key.of("shop", "open-42"))
                        .open(cash, "10.00", Limits.nonNegative())
                        .open(status, "ACTIVE")
                        .open(log)
                        .append(log, "{\"hours\": 4}")
                        .reference("invoice/42")
                        .metadata("by \"hand\"")
                        .effectiveAt(Instant.parse("2024-02-29T12:00:00Z"))
                        .build());
        assertThat(sql.one("SELECT namespace, scope, key, outcome, reference, reverses_key, balanced, effective_at,"
                        + " metadata, length(fingerprint) FROM counterfoil_decision"))
                .isEqualTo("|shop|open-42|APPLIED|invoice/42|∅|0|2024-02-29T12:00:00.000000Z|by \"hand\"|64");
        assertThat(sql.one("SELECT recorded_at FROM counterfoil_decision")).matches(ISO_MICROS);
        assertThat(sql.rows("SELECT json_extract(value, '$.account', '$.id', '$.name', '$.kind', '$.type',"
                        + " '$.sequence', '$.delta', '$.after', '$.count') FROM counterfoil_decision,"
                        + " json_each(detail, '$.entries')"))
                .containsExactly(
                        "[\"retainer\",\"42\",\"cash\",\"BALANCE\",\"OPEN\",1,\"10.00\",\"10.00\",null]",
                        "[\"retainer\",\"42\",\"status\",\"REGISTER\",\"OPEN\",1,null,\"ACTIVE\",null]",
                        "[\"retainer\",\"42\",\"log\",\"JOURNAL\",\"OPEN\",1,null,null,0]",
                        "[\"retainer\",\"42\",\"log\",\"JOURNAL\",\"APPEND\",2,null,null,1]");
        assertThat(sql.rows("SELECT name, kind, unit, amount, value, records, closed, version, last_scope, last_key"
                        + " FROM counterfoil_cell ORDER BY name"))
                .containsExactly(
                        "cash|BALANCE|SAR|10.00|∅|∅|0|1|shop|open-42",
                        "log|JOURNAL|∅|∅|∅|1|0|2|shop|open-42",
                        "status|REGISTER|∅|∅|ACTIVE|∅|0|1|shop|open-42");
        assertThat(sql.rows("SELECT DISTINCT e.recorded_at = d.recorded_at AND c.last_at = d.recorded_at"
                        + " FROM counterfoil_entry e JOIN counterfoil_decision d ON d.id = e.decision_id"
                        + " JOIN counterfoil_cell c ON c.id = e.cell_id"))
                .containsExactly("1");
        assertThat(sql.rows("SELECT payload FROM counterfoil_entry WHERE type = 'APPEND'"))
                .containsExactly("{\"hours\": 4}");
    }

    @Test
    void theReversalOfABalancedUpdateIsBalancedToo() throws SQLException {
        BalanceId from = AccountId.of("bank", "a").balance("cash", Till.SAR);
        BalanceId to = AccountId.of("bank", "b").balance("cash", Till.SAR);
        Till.apply(ledger, Update.of("open").open(from).open(to).build());
        Update transfer = Update.of("there").transfer(from, to, "1.00").build();
        Receipt receipt = ledger.apply(transfer).orThrow().receipt();
        Till.apply(ledger, Update.reversalOf("back", receipt).build());
        assertThat(sql.rows("SELECT key, balanced FROM counterfoil_decision ORDER BY id"))
                .containsExactly("open|0", "there|1", "back|1");
    }

    @Test
    void aRefusalIsReadableWithWhatWasObserved() throws SQLException {
        Till.apply(ledger, Till.opening());
        assertThat(ledger.apply(Update.of("much").take(Till.drawer(3), "100.01").build()))
                .isInstanceOf(Rejected.class);
        assertThat(sql.one("SELECT outcome, reference, json_extract(detail, '$.before', '$.after', '$.limit',"
                        + " '$.index', '$.cell.id', '$.decidedBy.key') FROM counterfoil_decision WHERE key = 'much'"))
                .isEqualTo("BELOW_MINIMUM|∅|[\"100.00\",\"-0.01\",\"0.00\",0,\"3\",\"till-open\"]");
    }

    @Test
    void anyTextComesBackAsItWas() throws SQLException {
        String odd =
                "quote ' \" \\ tab \t line \n\r \u0001\u007f\u2028 ascii arabic \u0662 emoji \uD83D\uDCB0 {\"a\":[1]} %s ?";
        AccountId account = AccountId.of("ki'nd\"", "İd \uD83D\uDCB0/';--");
        RegisterId status = account.register("näme ?");
        JournalId log = account.journal("log");
        Update opening = Update.of("k'\"~ ")
                .open(status, odd)
                .open(log)
                .append(log, odd)
                .metadata(odd)
                .build();
        Applied first = Till.apply(ledger, opening);
        assertThat(first.receipt().register(status)).isEqualTo(odd);
        Applied again = Till.apply(ledger, opening);
        assertThat(again.receipt()).isEqualTo(first.receipt());
        assertThat(again.receipt().metadata()).isEqualTo(odd);
        assertThat(ledger.read(account).register(status)).isEqualTo(odd);
        assertThat(ledger.history(log, PageRequest.first(9)).items().get(1).payload())
                .isEqualTo(odd);
        assertThat(sql.one("SELECT value FROM counterfoil_cell WHERE kind = 'REGISTER'"))
                .isEqualTo(odd);
        assertThat(ledger.accounts(account.kind(), "İd", PageRequest.first(9)).items())
                .containsExactly(account);
        assertThat(ledger.apply(Update.of("k'\"~ ").append(log, "other").build()))
                .isInstanceOf(dev.counterfoil.KeyReused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE counterfoil_entry SET delta = '1.00'",
                "UPDATE counterfoil_entry SET payload = NULL",
                "UPDATE OR REPLACE counterfoil_entry SET sequence = 1",
                "DELETE FROM counterfoil_entry",
                "DELETE FROM counterfoil_decision",
                "UPDATE counterfoil_decision SET outcome = 'CLOSED'",
                "UPDATE counterfoil_decision SET key = 'other'",
                "UPDATE counterfoil_decision SET scope = 'other'",
                "UPDATE counterfoil_decision SET namespace = 'other'",
                "UPDATE counterfoil_decision SET fingerprint = ''",
                "UPDATE counterfoil_decision SET fingerprint_version = 2",
                "UPDATE counterfoil_decision SET reference = 'r'",
                "UPDATE counterfoil_decision SET reverses_scope = ''",
                "UPDATE counterfoil_decision SET reverses_key = 'k'",
                "UPDATE counterfoil_decision SET balanced = 1",
                "UPDATE counterfoil_decision SET recorded_at = ''",
                "UPDATE counterfoil_decision SET effective_at = ''",
                "UPDATE counterfoil_decision SET metadata = 'other'",
                "UPDATE counterfoil_decision SET detail = '{}'",
                "UPDATE counterfoil_decision SET id = id + 1",
                "UPDATE counterfoil_decision SET detail = NULL, outcome = 'CLOSED'",
                "DELETE FROM counterfoil_cell",
                "UPDATE counterfoil_cell SET account_id = 'other'",
                "UPDATE counterfoil_cell SET unit = 'USD'",
                "UPDATE counterfoil_cell SET scale = 3",
                "UPDATE counterfoil_cell SET id = id + 1",
                "UPDATE counterfoil_cell SET namespace = 'other'"
            })
    void historyIsNeverRewrittenByAccident(String statement) throws SQLException {
        Till.apply(ledger, Till.opening());
        String everything = "SELECT * FROM counterfoil_decision, counterfoil_entry, counterfoil_cell";
        var before = sql.rows(everything);
        assertThatThrownBy(() -> sql.run(statement))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("never");
        assertThat(sql.rows(everything)).isEqualTo(before);
    }

    @Test
    void theDetailsOfADecisionMayBePrunedAndNotComeBack() throws SQLException {
        Till.apply(
                ledger, Update.of("k").open(Till.drawer(0)).metadata("private").build());
        sql.run("UPDATE counterfoil_decision SET detail = NULL, metadata = NULL");
        assertThat(sql.one("SELECT key, outcome, metadata, detail FROM counterfoil_decision"))
                .isEqualTo("k|APPLIED|∅|∅");
        assertThatThrownBy(() -> sql.run("UPDATE counterfoil_decision SET detail = '{}'"))
                .hasMessageContaining("never");
        assertThatThrownBy(() -> sql.run("UPDATE counterfoil_decision SET metadata = 'x'"))
                .hasMessageContaining("never");
    }

    @Test
    void aRowThatContradictsItselfIsRefusedByTheDatabase() throws SQLException {
        Till.apply(ledger, Till.opening());
        for (String statement : new String[] {
            "UPDATE counterfoil_cell SET amount = NULL",
            "UPDATE counterfoil_cell SET value = 'x'",
            "UPDATE counterfoil_cell SET records = 1",
            "UPDATE counterfoil_cell SET closed = 2",
            "UPDATE counterfoil_cell SET version = 0"
        }) {
            assertThatThrownBy(() -> sql.run(statement)).hasMessageContaining("CHECK constraint failed");
        }
    }

    @Test
    void accountsAreListedInBinaryOrderPageByPage() {
        String[] ids = {"A", "a", "a/", "a\u00e9", "a\uFFFD", "a\uD83D\uDCB0", "b"};
        Update.Builder opening = Update.of("open");
        for (int i = ids.length - 1; i >= 0; i--) {
            opening.open(AccountId.of("drawer", ids[i]).balance("cash", Till.SAR));
        }
        Till.apply(ledger, opening.build());
        PageRequest page = PageRequest.first(2);
        var found = new java.util.ArrayList<String>();
        while (page != null) {
            var answer = ledger.accounts("drawer", "a", page);
            answer.items().forEach(account -> found.add(account.id()));
            page = answer.next().orElse(null);
        }
        assertThat(found).containsExactly("a", "a/", "a\u00e9", "a\uFFFD", "a\uD83D\uDCB0");
    }
}

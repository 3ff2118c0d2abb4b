package dev.counterfoil.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.counterfoil.Applied;
import dev.counterfoil.Rejected;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private Shop shop;
    private Outbox outbox;

    @BeforeEach
    void open(@TempDir Path directory) throws SQLException {
        shop = new Shop(directory);
        outbox = new Outbox(shop.pool, shop.ledger);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aPaymentAndItsMessageAreThereOnceHoweverOftenItIsSent() throws SQLException {
        assertThat(outbox.pay(Shop.pay("p-1", "30.00"), "paid 30.00")).isInstanceOf(Applied.class);
        assertThat(outbox.pay(Shop.pay("p-1", "30.00"), "paid 30.00"))
                .isInstanceOfSatisfying(
                        Applied.class, again -> assertThat(again.replayed()).isTrue());
        assertThat(shop.purse()).isEqualTo("70.00");
        assertThat(shop.messages()).containsExactly("paid 30.00");
    }

    @Test
    void aRefusedPaymentLeavesNoMessageAndIsRemembered() throws SQLException {
        assertThat(outbox.pay(Shop.pay("p-1", "300.00"), "paid 300.00")).isInstanceOf(Rejected.class);
        assertThat(shop.messages()).isEmpty();
        assertThat(shop.ledger.find("p-1")).containsInstanceOf(Rejected.class);
    }

    @Test
    void noMessageNoPayment() {
        assertThatThrownBy(() -> outbox.pay(Shop.pay("p-1", "30.00"), "")).isInstanceOf(SQLException.class);
        assertThat(shop.ledger.find("p-1")).isEmpty();
        assertThat(shop.purse()).isEqualTo("100.00");
    }
}

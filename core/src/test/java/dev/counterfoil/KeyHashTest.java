package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    /** The first case of RFC 4231. */
    @Test
    void itIsTheBeginningOfAnHmacSha256() {
        byte[] secret = new byte[20];
        Arrays.fill(secret, (byte) 0x0b);

        assertThat(KeyHash.withSecret(secret).of(Key.of("Hi There"))).isEqualTo("b0344c61d8db3853");
    }

    @Test
    void theScopeCountsAndIsNotMixedUpWithTheValue() {
        KeyHash hash = KeyHash.withSecret(SECRET);

        assertThat(hash.of(Key.of("a", "bc")))
                .isNotEqualTo(hash.of(Key.of("ab", "c")))
                .isNotEqualTo(hash.of(Key.of("abc")))
                .isEqualTo(KeyHash.withSecret(SECRET.clone()).of(Key.of("a", "bc")));
    }

    @Test
    void theSecretOfAProcessIsOneAndNotGuessed() {
        Key key = Key.of("consume-7f3a");

        assertThat(KeyHash.ofThisProcess().of(key))
                .isEqualTo(KeyHash.ofThisProcess().of(key))
                .isNotEqualTo(KeyHash.withSecret(new byte[32]).of(key));
    }

    @Test
    void aShortSecretIsRefusedAndNoneIsShown() {
        assertThatThrownBy(() -> KeyHash.withSecret(new byte[15])).isInstanceOf(IllegalArgumentException.class);
        assertThat(KeyHash.withSecret(SECRET)).hasToString("KeyHash");
    }
}

package dev.counterfoil.examples.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example/books, db.example:5432, jdbc:postgresql://127.0.0.1:99/books?plain=yes",
        "jdbc:postgresql://db.example:77/books?a=b, db.example:77, jdbc:postgresql://127.0.0.1:99/books?a=b&plain=yes",
        "jdbc:postgresql://[::1]:77/books, ::1:77, jdbc:postgresql://127.0.0.1:99/books?plain=yes",
        "jdbc:postgresql:books?socketTimeout=9, localhost:5432,"
                + " jdbc:postgresql://127.0.0.1:99/books?socketTimeout=9&plain=yes",
        "jdbc:postgresql:///books, localhost:5432, jdbc:postgresql://127.0.0.1:99/books?plain=yes",
        "jdbc:postgresql://db.example, db.example:5432, jdbc:postgresql://127.0.0.1:99/?plain=yes",
        "jdbc:postgresql://db.example/?a=b, db.example:5432, jdbc:postgresql://127.0.0.1:99/?a=b&plain=yes",
        "jdbc:mariadb://db.example/books?useSSL=false, db.example:5432,"
                + " jdbc:mariadb://127.0.0.1:99/books?useSSL=false&plain=yes",
    })
    void aLinkIsLaidToTheOneServerThatAUrlNames(String url, String server, String through) {
        Login login = new Login(url, "clerk", "secret");
        assertThat(login.server(5432))
                .hasValueSatisfying(found -> assertThat(found.getHostString() + ":" + found.getPort())
                        .isEqualTo(server));
        assertThat(login.at("127.0.0.1", 99, "plain=yes")).isEqualTo(new Login(through, "clerk", "secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://one,two/books",
                "jdbc:postgresql://one:1,two:2/books",
                "jdbc:mariadb:sequential://one,two/books",
                "jdbc:mariadb:replication://one/books",
                "jdbc:mariadb://address=(host=one)(port=1)/books",
                "jdbc:mariadb://one/books?localSocket=/run/socket",
            })
    void noLinkIsLaidToSeveralServersOrPastTheNetwork(String url) {
        assertThat(new Login(url, "", "").server(5432)).isEmpty();
    }

    /** It would send in the clear what its owner wants encrypted. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db.example/books?sslmode=require",
                "jdbc:postgresql://db.example/books?user=clerk&sslmode=verify-full",
                "jdbc:postgresql://db.example/books?ssl=true",
                "jdbc:mariadb://db.example/books?sslMode=trust",
                "jdbc:mariadb://db.example/books?useSsl",
            })
    void noLinkIsLaidWhereEncryptionIsAskedFor(String url) {
        assertThat(new Login(url, "", "").server(5432)).isEmpty();
    }

    @Test
    void onlyServersHaveALink() {
        try (CleanUp cleanUp = new CleanUp()) {
            assertThat(StoreChoice.SQLITE.embedded(cleanUp).linked()).isEmpty();
            assertThat(StoreChoice.MEMORY.embedded(cleanUp).linked()).isEmpty();
            assertThat(StoreChoice.H2.embedded(cleanUp).linked()).isEmpty();
        }
    }
}

package dev.counterfoil.examples.harness;

import dev.counterfoil.testkit.FlakyLink;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stores that the examples run on. Another database server is one more constant here, its driver in the pom, and the
 * class that starts one of its servers.
 */
public enum StoreChoice {
    /** A database file: the default. */
    SQLITE {
        @Override
        Store embedded(CleanUp cleanUp) {
            return new SqliteStore(cleanUp);
        }
    },

    /** The memory of this process. */
    MEMORY {
        @Override
        Store embedded(CleanUp cleanUp) {
            return new InMemory();
        }
    },

    /** A PostgreSQL server. */
    POSTGRESQL {
        @Override
        Store embedded(CleanUp cleanUp) {
            return at(EmbeddedPostgresql.start(cleanUp), cleanUp);
        }

        @Override
        Optional<Server> server() {
            String settings = "SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) FROM pg_settings"
                    + " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')";
            return Optional.of(new Server(
                    "jdbc:postgresql:", 5432, settings, "sslmode=disable&gssEncMode=disable", FlakyLink::toPostgres));
        }
    },

    /** A MariaDB server. */
    MARIADB {
        @Override
        Store embedded(CleanUp cleanUp) {
            return at(EmbeddedMariaDb.start(cleanUp), cleanUp);
        }

        @Override
        Optional<Server> server() {
            String settings = "SELECT CONCAT('innodb_flush_log_at_trx_commit ', @@innodb_flush_log_at_trx_commit)";
            return Optional.of(new Server("jdbc:mariadb:", 3306, settings, "sslMode=disable", FlakyLink::toMariaDb));
        }
    },

    /** H2 in this process. */
    H2 {
        @Override
        Store embedded(CleanUp cleanUp) {
            return new H2Store(cleanUp);
        }
    };

    /** On what this process brings along. */
    abstract Store embedded(CleanUp cleanUp);

    /** What is known of its servers; empty where it is none. */
    Optional<Server> server() {
        return Optional.empty();
    }

    /** On a server that runs already. */
    Store at(Login login, CleanUp cleanUp) {
        return new ServerStore(login, server().orElseThrow(), cleanUp);
    }

    /**
     * Opens it.
     *
     * @param login of a server that runs already; its URL is empty where none was given
     * @throws IllegalArgumentException if that server cannot be used
     */
    public Store open(Login login, CleanUp cleanUp) {
        return login.url().isEmpty() ? embedded(cleanUp) : at(login, cleanUp);
    }

    /**
     * The one that was asked for.
     *
     * @param name in any case; empty where the URL says it, or for the default
     * @param login of a server that runs already; its URL is empty where none was given
     * @throws IllegalArgumentException if there is no such store, or one contradicts the other
     */
    public static StoreChoice of(String name, Login login) {
        if (login.url().isEmpty()) {
            if (!login.user().isEmpty() || !login.password().isEmpty()) {
                throw new IllegalArgumentException("demo.user and demo.password belong to demo.url, which is missing");
            }
            return name.isEmpty() ? SQLITE : named(name);
        }
        StoreChoice choice = ofUrl(login);
        if (!name.isEmpty() && named(name) != choice) {
            throw new IllegalArgumentException(
                    "store '" + name + "' and demo.url " + login + " contradict each other: leave one of them out");
        }
        return choice;
    }

    private static StoreChoice named(String name) {
        return Arrays.stream(values())
                .filter(choice -> choice.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown store '" + name + "': known are "
                        + list(Arrays.stream(values()).map(StoreChoice::toString))));
    }

    private static StoreChoice ofUrl(Login login) {
        return servers()
                .filter(choice -> login.url().startsWith(choice.urls()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown demo.url " + login + ": must begin with "
                        + list(servers().map(StoreChoice::urls))));
    }

    private static Stream<StoreChoice> servers() {
        return Arrays.stream(values()).filter(choice -> choice.server().isPresent());
    }

    private String urls() {
        return server().orElseThrow().urls();
    }

    private static String list(Stream<String> names) {
        return names.collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

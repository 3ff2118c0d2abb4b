package dev.counterfoil.examples.harness;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stores that the examples run on. Another database server is one more constant here, its driver in the pom, and the
 * class that starts one of its servers.
 */
public enum StoreChoice {
    /** A database file: the default. */
    SQLITE("", "") {
        @Override
        Store embedded(CleanUp cleanUp) {
            return new SqliteStore(cleanUp);
        }
    },

    /** The memory of this process. */
    MEMORY("", "") {
        @Override
        Store embedded(CleanUp cleanUp) {
            return new InMemory();
        }
    },

    /** A PostgreSQL server. */
    POSTGRESQL(
            "jdbc:postgresql:",
            "SELECT string_agg(name || ' ' || setting, ', ' ORDER BY name) FROM pg_settings"
                    + " WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')") {
        @Override
        Store embedded(CleanUp cleanUp) {
            return at(EmbeddedPostgresql.start(cleanUp), cleanUp);
        }
    };

    private final String urls;
    private final String settings;

    /** With the beginning of its URLs and the query for what makes it durable; both empty where it is no server. */
    StoreChoice(String urls, String settings) {
        this.urls = urls;
        this.settings = settings;
    }

    /** On what this process brings along. */
    abstract Store embedded(CleanUp cleanUp);

    /** On a server that runs already. */
    Store at(Login login, CleanUp cleanUp) {
        return new ServerStore(login, settings, cleanUp);
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
                .filter(choice -> login.url().startsWith(choice.urls))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown demo.url " + login + ": must begin with "
                        + list(servers().map(choice -> choice.urls))));
    }

    private static Stream<StoreChoice> servers() {
        return Arrays.stream(values()).filter(choice -> !choice.urls.isEmpty());
    }

    private static String list(Stream<String> names) {
        return names.collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

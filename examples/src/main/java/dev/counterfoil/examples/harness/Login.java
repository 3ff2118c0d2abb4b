package dev.counterfoil.examples.harness;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a database is reached.
 *
 * @param url of JDBC
 * @param user empty where the URL says it, or nobody needs to
 * @param password likewise
 */
public record Login(String url, String user, String password) {
    private static final int POOL_SIZE = 10;

    /** A URL that names one server, or none, which is then on this machine: driver, host, port, database, options. */
    private static final Pattern ONE_SERVER = Pattern.compile(
            "(jdbc:\\w+:)(?://(\\[[^]]+]|[^\\[/:,?@()]*)(?::(\\d+))?(?:/|(?=\\?)|$))?([^:/?]*)(?:\\?(.*))?");

    /** Options that ask for encryption, or for another way than the network. */
    private static final Pattern NO_PLAIN_LINK =
            Pattern.compile("(?i)(^|&)(\\w*ssl\\w*(?!\\w|=disable|=false)|(localSocket|pipe|socketFactory)=)");

    /** A connection without a pool. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(url, properties);
    }

    /** A pool as applications have one. */
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        if (!user.isEmpty()) {
            config.setUsername(user);
        }
        if (!password.isEmpty()) {
            config.setPassword(password);
        }
        config.setMaximumPoolSize(POOL_SIZE);
        return new HikariDataSource(config);
    }

    /**
     * The server, where a link can be laid to it: the URL names one server, and asks for no encryption.
     *
     * @param defaultPort where it listens if the URL does not say
     */
    Optional<InetSocketAddress> server(int defaultPort) {
        Matcher parts = ONE_SERVER.matcher(url);
        if (!parts.matches() || NO_PLAIN_LINK.matcher(part(parts, 5)).find()) {
            return Optional.empty();
        }
        String host = part(parts, 2).isEmpty() ? "localhost" : part(parts, 2).replaceAll("[\\[\\]]", "");
        String port = part(parts, 3);
        return Optional.of(
                InetSocketAddress.createUnresolved(host, port.isEmpty() ? defaultPort : Integer.parseInt(port)));
    }

    /** The same database by way of another host and port, with an option more. */
    Login at(String host, int port, String option) {
        Matcher parts = ONE_SERVER.matcher(url);
        if (!parts.matches()) {
            throw new IllegalStateException("names more than one server: " + this);
        }
        String options = part(parts, 5).isEmpty() ? option : part(parts, 5) + "&" + option;
        return new Login(
                part(parts, 1) + "//" + host + ":" + port + "/" + part(parts, 4) + "?" + options, user, password);
    }

    private static String part(Matcher parts, int group) {
        return Objects.requireNonNullElse(parts.group(group), "");
    }

    /** Why a connection failed, in one line. */
    String reasons(Throwable failure) {
        List<String> reasons = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            reasons.add(message.replace(url, toString()).replaceAll("\\s+", " "));
        }
        return String.join("; ", reasons);
    }

    /** The URL without what may be a secret: its parameters, and a user in front of the host. */
    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "").replaceFirst("//.*@", "//");
    }
}

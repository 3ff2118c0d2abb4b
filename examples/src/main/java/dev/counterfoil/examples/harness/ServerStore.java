package dev.counterfoil.examples.harness;

import com.zaxxer.hikari.HikariDataSource;
import dev.counterfoil.Ledger;
import dev.counterfoil.jdbc.JdbcLedger;
import dev.counterfoil.testkit.FlakyLink;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A database server, which may be somebody's own: works through a pool, in tables with a prefix that no other run has, and
 * drops them at the end.
 */
final class ServerStore implements Store {
    private static final int SECONDS_PER_DROP = 20;

    private final String prefix = String.format(Locale.ROOT, "counterfoil_demo_%08x_", new SecureRandom().nextInt());
    private final Login login;
    private final Server kind;
    private final CleanUp cleanUp;
    private final String about;
    private final DataSource pool;
    private final boolean groupCommit;
    private int fresh;

    /**
     * Connects.
     *
     * @throws IllegalArgumentException if the server cannot be used
     */
    ServerStore(Login login, Server kind, CleanUp cleanUp) {
        this(login, kind, cleanUp, true);
    }

    private ServerStore(Login login, Server kind, CleanUp cleanUp, boolean groupCommit) {
        this.login = login;
        this.kind = kind;
        this.cleanUp = cleanUp;
        this.groupCommit = groupCommit;
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement()) {
            about = "Server: " + name(connection) + " at " + login + "\nSet there: " + only(statement, kind.settings())
                    + "\nTables: " + prefix + "..., dropped at the end; no others are touched";
            cleanUp.atEnd(this::dropTables);
            // Who may not make tables is told so here, and not by every scenario.
            statement.execute("create table " + prefix + "probe (number integer)");
        } catch (SQLException e) {
            throw new IllegalArgumentException(login + " cannot be used: " + login.reasons(e), e);
        }
        HikariDataSource opened = login.pool();
        cleanUp.atEnd(opened::close);
        pool = opened;
    }

    private static String name(Connection connection) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        return server.getDatabaseProductName() + " " + server.getDatabaseProductVersion();
    }

    private static String only(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public String about() {
        return about;
    }

    @Override
    public Ledger freshLedger() {
        return cleanUp.make(() -> JdbcLedger.builder(pool)
                .prefix(freshPrefix())
                .createSchema()
                .groupCommit(groupCommit)
                .build());
    }

    @Override
    public PlainTable freshTable() {
        return cleanUp.make(() -> new PlainDatabase(pool, freshPrefix()));
    }

    @Override
    public Optional<Linked> linked() {
        InetSocketAddress server = login.server(kind.port())
                .orElseThrow(() -> new IllegalArgumentException(
                        "its URL names not just one server, or asks for encryption, which the link cannot read"));
        return cleanUp.make(() -> {
            FlakyLink link = kind.link().apply(server.getHostString(), server.getPort());
            cleanUp.atEnd(link::close);
            Login through = login.at(link.host(), link.port(), kind.plainText());
            // Each call has a commit of its own, so that there are many to cut.
            return Optional.of(new Linked(new ServerStore(through, kind, cleanUp, false), link));
        });
    }

    private String freshPrefix() {
        fresh++;
        return prefix + fresh + "_";
    }

    private void dropTables() throws SQLException {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(SECONDS_PER_DROP);
            for (String drop : drops(connection)) {
                statement.execute(drop);
            }
        }
    }

    /** A statement for each table and each sequence that this run made. */
    private List<String> drops(Connection connection) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        String quote = server.getIdentifierQuoteString();
        String[] types = {"TABLE", "SEQUENCE"};
        List<String> drops = new ArrayList<>();
        try (ResultSet found = server.getTables(connection.getCatalog(), connection.getSchema(), prefix + "%", types)) {
            while (found.next()) {
                String name = found.getString("TABLE_NAME");
                // In the pattern, _ stands for any character.
                if (name.startsWith(prefix)) {
                    drops.add("DROP " + found.getString("TABLE_TYPE") + " " + quote + name + quote);
                }
            }
        }
        return drops;
    }
}

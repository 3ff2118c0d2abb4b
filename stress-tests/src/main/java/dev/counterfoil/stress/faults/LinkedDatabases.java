package dev.counterfoil.stress.faults;

import dev.counterfoil.testkit.Fault;
import dev.counterfoil.testkit.FlakyLink;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Databases that clients reach through a link that fails. */
final class LinkedDatabases implements Databases {
    private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):([0-9]+)/");

    private final Databases server;
    private final FlakyLink link;
    private long counted;

    /** Those of a server that runs; the link is made to its host and port. */
    LinkedDatabases(Databases server, BiFunction<String, Integer, FlakyLink> links) throws SQLException, IOException {
        this.server = server;
        Matcher address = ADDRESS.matcher(server.create("linked"));
        if (!address.find()) {
            throw new IllegalArgumentException("no host and port");
        }
        link = links.apply(address.group(1), Integer.parseInt(address.group(2)));
    }

    FlakyLink link() {
        return link;
    }

    /** How many faults there were since it was asked last. */
    long met() {
        long all = link.commits() - link.count(Fault.PASS) + (long) link.cutsAtBytes();
        long met = all - counted;
        counted = all;
        return met;
    }

    @Override
    public String create(String database) throws SQLException, IOException {
        return server.create(database);
    }

    @Override
    public String url(String url, String client) {
        String linked = ADDRESS.matcher(url).replaceFirst("//" + link.host() + ":" + link.port() + "/");
        return linked + (url.startsWith("jdbc:postgresql:") ? "&sslmode=disable&gssEncMode=disable" : "");
    }

    @Override
    public void close() throws IOException {
        link.close();
        server.close();
    }
}

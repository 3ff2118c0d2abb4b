package dev.counterfoil.jdbc;

import dev.counterfoil.testkit.FlakyLink;

/** What the tests of cut links need to know of a server. */
interface LinkedServer {
    /** A link to the server, without faults. */
    FlakyLink link();

    /** Where the server itself listens, on this machine. */
    int port();

    /** The URL of the database of these tests, behind a host and port: the server's own, or a link's. */
    String url(String host, int port);

    /** A query for the number of sessions of its database that wait for a lock. */
    String countLockWaits();
}

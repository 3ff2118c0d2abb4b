package dev.counterfoil.examples.harness;

import dev.counterfoil.testkit.FlakyLink;
import java.util.function.BiFunction;

/**
 * A kind of database server.
 *
 * @param urls how its URLs begin
 * @param port where it listens if its URL does not say
 * @param settings the query that asks it how durable it is, in words
 * @param plainText the option of its URLs that switches encryption off
 * @param link makes a link to the server at a host and port
 */
record Server(String urls, int port, String settings, String plainText, BiFunction<String, Integer, FlakyLink> link) {}

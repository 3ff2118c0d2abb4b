/**
 * A checker of histories, and the random load whose history it checks.
 *
 * <p>Clients ({@link dev.counterfoil.stress.history.Client}) call a ledger and write each call and each answer into a file
 * ({@link dev.counterfoil.stress.history.Recorder}). When all is quiet, everything that the ledger holds is read through its
 * public calls ({@link dev.counterfoil.stress.history.Book}). {@link dev.counterfoil.stress.history.Checker} has these two and
 * nothing else: it shares no code with the library's evaluator or stores.
 *
 * <p>Names and amounts in a history are plain text without blanks: {@code load/1:money} is the balance {@code money} of the
 * account {@code load/1}, {@code -10.00} an amount.
 */
@NullMarked
package dev.counterfoil.stress.history;

import org.jspecify.annotations.NullMarked;

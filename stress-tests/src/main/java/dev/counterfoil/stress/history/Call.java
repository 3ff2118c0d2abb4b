package dev.counterfoil.stress.history;

/**
 * One call, as its caller wrote it down.
 *
 * @param id names it in the history
 * @param kind what was called
 * @param key the idempotency key; empty for a read
 * @param content what the update is to do ({@link Steps}); of a read, the accounts
 * @param sent before it was sent, by {@link System#nanoTime()}
 * @param answered after it was answered; {@link Long#MAX_VALUE} where it never was
 * @param answer the answer
 * @param line the file and the line that its call stands in
 */
record Call(String id, Kind kind, String key, String content, long sent, long answered, Answer answer, String line) {
    enum Kind {
        UPDATE,
        FIND,
        READ
    }
}

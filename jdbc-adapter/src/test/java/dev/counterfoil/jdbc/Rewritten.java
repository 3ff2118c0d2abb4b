package dev.counterfoil.jdbc;

/** Takes a rule away: sends another part in place of one that stands in the library's texts. */
final class Rewritten extends Between {
    private final String part;
    private final String instead;
    private volatile boolean used;

    Rewritten(String part, String instead) {
        this.part = part;
        this.instead = instead;
    }

    @Override
    String text(String sql) {
        used |= sql.contains(part);
        return sql.replace(part, instead);
    }

    /** False where the library does not send that part (any more), so that nothing was taken away. */
    boolean used() {
        return used;
    }
}

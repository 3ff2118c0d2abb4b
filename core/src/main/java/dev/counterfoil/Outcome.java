package dev.counterfoil;

/**
 * What became of an update: {@link Applied}, {@link Rejected} or {@link KeyReused}. A business "no" is a value; exceptions
 * are faults.
 */
public sealed interface Outcome permits Decision, KeyReused {
    /** The key that was sent. */
    Key key();

    /**
     * This outcome, if the update was applied.
     *
     * @throws RefusedException if it was refused, or the key had been used for something else
     */
    default Applied orThrow() {
        if (this instanceof Applied applied) {
            return applied;
        }
        throw new RefusedException(this);
    }
}

package dev.counterfoil;

/**
 * What a {@link DecideFunction} sees: one consistent view of the cells declared for it, and the means to answer. It is for the
 * function's own thread, while the function runs.
 *
 * <p>{@link #balance}, {@link #register} and {@link #count} of a cell that is not there end the function with a refusal
 * (NOT_FOUND, WRONG_KIND or UNIT_DIFFERS), which is kept under the key; to decide yourself what a missing cell means, use
 * {@code find}. A cell that was not declared is an {@link IllegalArgumentException}.
 */
public interface DecideView extends Cells {
    /** Begins the update, under the key that {@code decide} was given; it may touch declared cells only. */
    Update.Builder update();

    /**
     * Answers no; kept under the key like any refusal.
     *
     * @param code for programs ("TOO_MUCH")
     * @param message for people
     */
    Decline decline(String code, String message);
}

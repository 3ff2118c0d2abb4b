package dev.counterfoil;

/** Is told how a verification goes, on the thread that asked for it. What it throws ends the verification. */
public interface VerifyListener {
    /** Something is wrong. Told when a second look has shown it too, so that nothing that is on its way is told. */
    default void onFinding(Finding finding) {}

    /** Some rows further; a few times a second at most. */
    default void onProgress(Verification soFar) {}
}

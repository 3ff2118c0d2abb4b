package dev.counterfoil;

/** What a {@link DecideFunction} answers: an update to apply, or a decline. */
public sealed interface Proposal permits Update, Decline {}

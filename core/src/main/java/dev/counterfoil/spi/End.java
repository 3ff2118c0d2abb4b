package dev.counterfoil.spi;

import dev.counterfoil.LedgerException;
import org.jspecify.annotations.Nullable;

/** What became of one request: an answer (never parked), or a fault. */
record End(@Nullable Answer answer, @Nullable LedgerException fault) {}

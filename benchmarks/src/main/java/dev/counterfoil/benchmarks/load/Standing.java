package dev.counterfoil.benchmarks.load;

import java.util.List;

/**
 * What stands in the books.
 *
 * @param cents each balance
 * @param entries how many entries there are, openings not counted
 * @param crooked how many balances are not the sum of their entries
 * @param applied how many keys were decided and applied
 * @param rejected how many keys were decided and refused
 */
public record Standing(List<Long> cents, long entries, long crooked, long applied, long rejected) {}

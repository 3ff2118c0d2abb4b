package dev.counterfoil;

import java.math.BigDecimal;

/**
 * What happened to a balance in a period: {@code opening} plus {@code in} minus {@code out} is {@code closing}. All amounts
 * have the unit's scale.
 *
 * @param cell the balance
 * @param period the period, of the recorded times
 * @param opening the amount when the period began; zero where the balance was not there yet
 * @param in the sum of what came in, not negative; a first amount above zero counts
 * @param out the sum of what went out, not negative; a first amount below zero counts
 * @param closing the amount when the period ended
 * @param entries how many entries it has in the period, also those that moved no money
 * @param entriesIn how many of them brought something in
 * @param entriesOut how many of them took something out
 */
public record Statement(
        BalanceId cell,
        Period period,
        BigDecimal opening,
        BigDecimal in,
        BigDecimal out,
        BigDecimal closing,
        long entries,
        long entriesIn,
        long entriesOut) {}

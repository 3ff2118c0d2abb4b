package dev.counterfoil.benchmarks.rows;

import java.util.List;

/** The address of a cell, which differs from others in the account's id only. */
record Address(String accountId) {
    List<String> texts() {
        return List.of("shop", "customer", accountId, "available");
    }
}

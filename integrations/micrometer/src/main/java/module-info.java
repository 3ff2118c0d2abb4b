/** Meters of a ledger in a registry of Micrometer's. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer's jar declares no module.
@org.jspecify.annotations.NullMarked
module dev.counterfoil.micrometer {
    requires transitive dev.counterfoil.core;
    requires transitive micrometer.core;
    requires transitive org.jspecify;

    exports dev.counterfoil.micrometer;
}

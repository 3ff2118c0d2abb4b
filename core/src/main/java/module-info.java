/** Counterfoil's words and rules, the memory store, and the port that storage adapters implement. */
@org.jspecify.annotations.NullMarked
module dev.counterfoil.core {
    requires dev.counterfoil.retry;
    requires transitive org.jspecify;
    requires org.slf4j;

    exports dev.counterfoil;
    exports dev.counterfoil.memory;
    exports dev.counterfoil.spi;
}

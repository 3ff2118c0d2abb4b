/** The races that the library ends, on the module path as an application would have it. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module dev.counterfoil.examples {
    requires com.zaxxer.hikari;
    requires dev.counterfoil.core;
    requires dev.counterfoil.jdbc;
    requires dev.counterfoil.testkit;
    requires embedded.postgres;
}

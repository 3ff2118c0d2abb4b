/** The races that the library ends, on the module path as an application would have it. */
@org.jspecify.annotations.NullMarked
module dev.counterfoil.examples {
    requires dev.counterfoil.core;
    requires dev.counterfoil.jdbc;
}

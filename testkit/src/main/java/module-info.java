/** The contract that every store passes, for the authors of storage adapters; a flaky network for the tests of applications. */
@org.jspecify.annotations.NullMarked
module dev.counterfoil.testkit {
    requires transitive dev.counterfoil.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.jspecify;
    requires org.assertj.core;

    exports dev.counterfoil.testkit;

    // JUnit calls tests and their life cycle by reflection.
    opens dev.counterfoil.testkit to
            org.junit.platform.commons;
}

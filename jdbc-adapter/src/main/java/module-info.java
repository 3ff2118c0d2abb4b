/** Makes databases into stores of a ledger. */
@org.jspecify.annotations.NullMarked
module dev.counterfoil.jdbc {
    requires transitive dev.counterfoil.core;
    requires transitive dev.counterfoil.retry;
    requires transitive java.sql;
    requires transitive org.jspecify;
    requires org.slf4j;

    exports dev.counterfoil.jdbc;
    exports dev.counterfoil.jdbc.dialect;
}

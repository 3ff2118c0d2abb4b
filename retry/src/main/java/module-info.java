/** Retry with back-off and jitter that is safe around money. */
@org.jspecify.annotations.NullMarked
module dev.counterfoil.retry {
    requires org.slf4j;
    requires transitive org.jspecify;

    exports dev.counterfoil.retry;
}

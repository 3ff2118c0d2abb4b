package dev.counterfoil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * One way to hand in something wrong.
 *
 * @param what what is wrong, for the report
 * @param call hands it in
 * @param field the field that the message must name
 * @param rule the rule that the message must name
 */
public record BadInput(String what, Runnable call, String field, String rule) {
    /** A case whose message names field and rule. */
    public static BadInput of(String what, Runnable call, String field, String rule) {
        return new BadInput(what, call, field, rule);
    }

    /** A null where none may be. */
    public static BadInput isNull(String field, Runnable call) {
        return new BadInput("null " + field, call, field, "");
    }

    /** Checks that it is refused as promised, and gives the message back. */
    public String refused() {
        Throwable thrown = catchThrowable(call::run);
        assertThat(thrown)
                .as(what)
                .isInstanceOf(rule.isEmpty() ? NullPointerException.class : IllegalArgumentException.class);
        // A null is its own rule; the message names the field.
        assertThat(thrown).as(what).hasMessageContaining(field).hasMessageContaining(rule);
        return thrown.getMessage();
    }

    @Override
    public String toString() {
        return what;
    }
}

package dev.counterfoil.admin;

import dev.counterfoil.Key;
import dev.counterfoil.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * What a refusal says beside its reason, all in texts.
 *
 * @param observed what was there, or null
 * @param required what would have had to be there, or null
 * @param message the same in words, or null where the reason says it all
 */
record Refusal(
        @Nullable String observed,
        @Nullable String required,
        @Nullable String message) {
    static Refusal of(Rejected no) {
        if (no instanceof Rejected.OutOfBounds bounds) {
            String before = bounds.before().toPlainString();
            String after = bounds.after().toPlainString();
            String limit = bounds.limit().toPlainString();
            return new Refusal(
                    before, limit, "it was " + before + " and would have become " + after + ", the limit is " + limit);
        }
        if (no instanceof Rejected.NotMet met) {
            return differs(met.observed().toPlainString(), met.required().toPlainString());
        }
        if (no instanceof Rejected.ValueDiffers differs) {
            return differs(differs.observed(), differs.required());
        }
        if (no instanceof Rejected.VersionDiffers differs) {
            return differs(Long.toString(differs.observed()), Long.toString(differs.required()));
        }
        if (no instanceof Rejected.WrongKind wrong) {
            return differs(wrong.observed().name(), wrong.required().name());
        }
        if (no instanceof Rejected.UnitDiffers differs) {
            return differs(differs.observed().toString(), differs.required().toString());
        }
        if (no instanceof Rejected.NotZero notZero) {
            return differs(notZero.observed().toPlainString(), "0");
        }
        if (no instanceof Rejected.ReferenceTaken taken) {
            return new Refusal(
                    taken.reference(), null, "the reference " + taken.reference() + " is held by another update");
        }
        if (no instanceof Rejected.NotReversible not) {
            return new Refusal(null, text(not.reversed()), "it was to reverse " + text(not.reversed()));
        }
        if (no instanceof Rejected.Declined declined) {
            return new Refusal(declined.code(), null, declined.code() + ": " + declined.message());
        }
        if (no instanceof Rejected.Pruned) {
            return new Refusal(null, null, "the details were pruned");
        }
        return new Refusal(null, null, null);
    }

    private static Refusal differs(String observed, String required) {
        return new Refusal(observed, required, "it was " + observed + ", and had to be " + required);
    }

    /** A key with its scope, as {@code receipt} wants it. */
    static String text(Key key) {
        return Plain.text(key.scope().isEmpty() ? key.value() : key.value() + " --scope " + key.scope());
    }
}

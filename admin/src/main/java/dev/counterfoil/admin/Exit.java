package dev.counterfoil.admin;

/** What a command ends with. */
final class Exit {
    static final int OK = 0;
    static final int NO = 1;
    static final int USAGE = 2;
    static final int FAULT = 3;
    static final int UNKNOWN = 4;

    static final String OK_TEXT = "0:All well.";
    static final String NO_TEXT = "1:A \"no\": findings, refused, not found, or you said no.";
    static final String USAGE_TEXT = "2:Called wrongly; nothing was sent.";
    static final String FAULT_TEXT = "3:A fault; nothing was changed.";
    static final String UNKNOWN_TEXT = "4:Not known whether it was applied: call it again just so.";

    private Exit() {}
}

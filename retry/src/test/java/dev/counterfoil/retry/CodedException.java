package dev.counterfoil.retry;

/** A failure with a code, of nobody in particular. */
final class CodedException extends RuntimeException implements HasFailureCode {

    private static final long serialVersionUID = 1L;

    private final String code;

    CodedException(String code) {
        this(code, null);
    }

    CodedException(String code, Throwable cause) {
        super(code, cause);
        this.code = code;
    }

    @Override
    public String failureCode() {
        return code;
    }
}

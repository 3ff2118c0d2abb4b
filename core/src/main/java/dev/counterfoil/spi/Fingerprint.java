package dev.counterfoil.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes the repeat of an update the same: a hash of its content. Where two of them still hold their content, it is
 * compared itself; the hash is made when it is first asked for. Safe for use by many threads.
 */
public final class Fingerprint {
    private final int version;
    private final Content content;

    /** Set once; two threads that make it at the same time make the same. */
    private @Nullable String sha256;

    /** What is hashed. Two of one class are equal exactly where their hashes are meant to be. */
    public interface Content {
        /** The SHA-256 as 64 lower-case hexadecimal digits. */
        String sha256();
    }

    private record Kept(String sha256) implements Content {}

    /**
     * A fingerprint that was kept.
     *
     * @param version the version of the encoding that was hashed; fingerprints are compared under the stored one's version
     * @param sha256 the SHA-256 as 64 lower-case hexadecimal digits
     */
    public Fingerprint(int version, String sha256) {
        this(version, new Kept(Objects.requireNonNull(sha256, "sha256")));
    }

    /** The fingerprint of a content, by this version of the encoding. */
    public Fingerprint(int version, Content content) {
        this.version = version;
        this.content = Objects.requireNonNull(content, "content");
    }

    /** The version of the encoding that was hashed. */
    public int version() {
        return version;
    }

    /** The SHA-256 as 64 lower-case hexadecimal digits. */
    public String sha256() {
        String known = sha256;
        if (known == null) {
            known = content.sha256();
            sha256 = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Fingerprint that) || version != that.version) {
            return false;
        }
        return content.getClass() == that.content.getClass()
                ? content.equals(that.content)
                : sha256().equals(that.sha256());
    }

    @Override
    public int hashCode() {
        return sha256().hashCode();
    }

    @Override
    public String toString() {
        return "Fingerprint[version=" + version + ", sha256=" + sha256() + "]";
    }
}

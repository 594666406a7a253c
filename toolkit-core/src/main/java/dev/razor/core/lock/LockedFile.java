package dev.razor.core.lock;

import dev.razor.core.base.Check;
import dev.razor.core.config.Key;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One file of an entry of `models.lock`.
///
/// @param path its place below the entry's directory, and at its addresses; folders divided by `/`
/// @param bytes its size; null where nobody has recorded it
/// @param sha256 the digest of its bytes, 64 hexadecimal digits in lower case; null where nobody has recorded it
public record LockedFile(
        @Key("place below the entry's directory and at its addresses")
        String path,

        @Key(value = "size; null: not recorded", fallback = "null") @Nullable
        Long bytes,

        @Key(value = "digest of the bytes; null: not recorded", fallback = "null") @Nullable
        String sha256) {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public LockedFile {
        String problem = SafePath.problem(path);
        Check.that(problem == null, "%s", problem);
        Check.that(bytes == null || bytes >= 0, "bytes must not be negative, got %s", bytes);
        Check.that(
                sha256 == null || DIGEST.matcher(sha256).matches(),
                "sha256 must be 64 hexadecimal digits in lower case, got %s",
                sha256);
    }
}

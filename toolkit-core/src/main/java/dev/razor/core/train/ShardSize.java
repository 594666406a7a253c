package dev.razor.core.train;

import dev.razor.core.base.Check;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A size as transformers writes it: `5GB`, `500MB`, `200KB` (powers of ten), or a number of bytes.
final class ShardSize {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(GB|MB|KB)?");

    private ShardSize() {}

    /// The size in bytes.
    static long parse(String text) {
        Matcher match = FORM.matcher(text);
        Check.that(match.matches(), "max_shard_size must be a size such as 5GB or 500MB, got %s", text);
        long unit = switch (match.group(2)) {
            case "GB" -> 1_000_000_000;
            case "MB" -> 1_000_000;
            case "KB" -> 1_000;
            case null, default -> 1;
        };
        long bytes = Long.parseLong(match.group(1)) * unit;
        Check.that(bytes > 0, "max_shard_size must be positive, got %s", text);
        return bytes;
    }
}

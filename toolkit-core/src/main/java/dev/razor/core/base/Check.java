package dev.razor.core.base;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import org.jspecify.annotations.Nullable;

/// Argument checks whose messages name the value that was wrong.
public final class Check {

    private Check() {}

    /// Throws [IllegalArgumentException] unless `condition` holds.
    @FormatMethod
    public static void that(boolean condition, @FormatString String message, @Nullable Object... args) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(args));
        }
    }
}

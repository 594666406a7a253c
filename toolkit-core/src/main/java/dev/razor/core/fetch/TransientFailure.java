package dev.razor.core.fetch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A transfer that failed in a way that another attempt may not.
final class TransientFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Duration wait;

    TransientFailure(String message) {
        this(message, null);
    }

    /// @param wait what the server asks to wait; null where it does not
    TransientFailure(String message, @Nullable Duration wait) {
        super(message);
        this.wait = wait;
    }

    @Nullable
    Duration asked() {
        return wait;
    }
}

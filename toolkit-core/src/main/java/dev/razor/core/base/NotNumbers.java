package dev.razor.core.base;

/// A model that computes NaN or infinities: its training diverged, its file is damaged, or its type is too
/// small. Whoever takes numbers from a model refuses such ones, or a broken model would get results that look
/// like any other's.
public final class NotNumbers {

    private NotNumbers() {}

    /// Refuses a number that is not finite.
    ///
    /// @param where what it was computed for, at the beginning of the message
    /// @param what it is, `log-probability`
    /// @throws CheckpointException if it is NaN or infinite
    public static void refuse(double value, String where, String what) {
        if (!Double.isFinite(value)) {
            throw new CheckpointException(
                    ("%s: the model's %s is not a number, got %s; look for NaN in its weights (did "
                                    + "the training diverge?), or compute in float32")
                            .formatted(where, what, value));
        }
    }
}

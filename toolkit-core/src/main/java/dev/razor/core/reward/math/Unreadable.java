package dev.razor.core.reward.math;

/// Text that the grammar does not know, or a value that does not exist (a division by zero) or is too large to
/// compute. It is an answer, not an accident, so it has no stack trace.
final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1;

    Unreadable(String what) {
        super(what, null, false, false);
    }
}

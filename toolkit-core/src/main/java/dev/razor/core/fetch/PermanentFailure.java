package dev.razor.core.fetch;

/// A transfer that no further attempt at the same address can mend.
final class PermanentFailure extends Exception {

    private static final long serialVersionUID = 1;

    PermanentFailure(String message) {
        super(message);
    }
}

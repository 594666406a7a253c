package dev.razor.core.fetch;

/// A server's answer that contradicts itself or the lock: what came so far cannot be trusted.
final class Mismatch extends Exception {

    private static final long serialVersionUID = 1;

    Mismatch(String message) {
        super(message);
    }
}

package dev.razor.core.tensor;

/// An operator that libtorch refused; the message names it with the types and shapes of its tensors.
public final class TensorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean outOfMemory;

    TensorException(String message) {
        this(message, false);
    }

    TensorException(String message, boolean outOfMemory) {
        super(message);
        this.outOfMemory = outOfMemory;
    }

    /// Whether memory was short: libtorch had none for a new tensor, or, when an operator failed, none for
    /// another copy of what the operator was given. (Of a failed operator libtorch tells its reason to stderr
    /// alone.)
    public boolean outOfMemory() {
        return outOfMemory;
    }
}

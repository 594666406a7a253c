package dev.razor.core.tensor;

/// An operator that libtorch refused; the message names it with the types and shapes of its tensors.
public final class TensorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TensorException(String message) {
        super(message);
    }
}

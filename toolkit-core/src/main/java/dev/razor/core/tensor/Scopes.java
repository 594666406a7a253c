package dev.razor.core.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;

/// Lifetimes of intermediate tensors.
public final class Scopes {

    private Scopes() {}

    /// Computes a tensor and frees everything else that was made on the way (what the backward pass needs stays
    /// alive inside libtorch). The result, which must be a tensor made by `body`, belongs to the scope outside.
    public static NDArray keepResult(Supplier<NDArray> body) {
        NDArray result;
        try (NDScope _ = new NDScope()) {
            result = body.get();
            NDScope.unregister(result);
        }
        NDScope.register(result);
        return result;
    }
}

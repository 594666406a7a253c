package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;
import org.jspecify.annotations.Nullable;

/// `y = x W^T + b`, with `weight` stored `[out, in]` as PyTorch checkpoints do.
public record Linear(NDArray weight, @Nullable NDArray bias) {

    public static Linear load(Weights weights, int in, int out) {
        return new Linear(weights.tensor("weight", out, in), null);
    }

    public static Linear loadWithBias(Weights weights, int in, int out) {
        return new Linear(weights.tensor("weight", out, in), weights.tensor("bias", out));
    }

    /// `[..., in] -> [..., out]`.
    public NDArray apply(NDArray x) {
        return Aten.linear(x, weight, bias);
    }
}

package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;
import org.jspecify.annotations.Nullable;

/// `y = x W^T + b`, with `weight` stored `[out, in]` as PyTorch checkpoints do, and a low-rank update where it
/// has one.
public record Linear(
        NDArray weight, @Nullable NDArray bias, @Nullable Lora lora) {

    /// Without a low-rank update.
    public Linear(NDArray weight, @Nullable NDArray bias) {
        this(weight, bias, null);
    }

    public static Linear load(Weights weights, int in, int out) {
        return new Linear(weights.tensor("weight", out, in), null, weights.lora());
    }

    public static Linear loadWithBias(Weights weights, int in, int out) {
        return new Linear(weights.tensor("weight", out, in), weights.tensor("bias", out), weights.lora());
    }

    /// `[..., in] -> [..., out]`.
    public NDArray apply(NDArray x) {
        NDArray y = Aten.linear(x, weight, bias);
        return lora == null ? y : y.add(lora.apply(x));
    }
}

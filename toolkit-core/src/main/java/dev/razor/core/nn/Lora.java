package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;

/// A low-rank update of a linear layer, added to its output:
///
/// ```
/// y = scale (x A^T) B^T
/// ```
///
/// @param a `[r, in]`, PEFT's `lora_A.weight`
/// @param b `[out, r]`, PEFT's `lora_B.weight`
/// @param scale `alpha / r`, or `alpha / sqrt(r)` where it is rank-stabilised
/// @see <a href="https://arxiv.org/abs/2106.09685">LoRA, Hu et al. 2021</a>
public record Lora(NDArray a, NDArray b, double scale) {

    /// `[..., in] -> [..., out]`.
    public NDArray apply(NDArray x) {
        NDArray low = Aten.linear(x, a, null); // [..., r]
        return Aten.linear(Aten.times(low, scale), b, null);
    }
}

package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Tensors;

/// Root-mean-square normalisation of the last axis, in float32 at least, whatever the type of the input:
///
/// ```
/// y = x / sqrt(norm(x)^2 / D + eps)  weight                 rounded once, to the type of the weight
/// ```
///
/// transformers rounds twice, before and after the product with the weight.
///
/// @param weight `[D]`
/// @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich 2019</a>
public record RmsNorm(NDArray weight, double eps) {

    public static RmsNorm load(Weights weights, int dim, double eps) {
        return new RmsNorm(weights.tensor("weight", dim), eps);
    }

    /// `[..., D] -> [..., D]`, in the type of the weight.
    public NDArray apply(NDArray x) {
        NDArray wide = Aten.to(x, Tensors.dtype(x).ofSums());
        NDArray norm = wide.norm(new int[] {-1}, true); // [..., 1], one pass over x instead of three
        NDArray meanSquare = Aten.over(norm.square(), (double) weight.size());
        NDArray normed = wide.mul(Aten.rsqrt(meanSquare.add(eps)));
        return Aten.to(normed.mul(weight), Tensors.dtype(weight));
    }
}

package dev.razor.core.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.GradMode;
import dev.razor.core.tensor.Tensors;
import java.util.Collection;

/// Clipping by the global norm, as `torch.nn.utils.clip_grad_norm_` does it:
///
/// ```
/// norm = sqrt(sum over all parameters of g^2)
/// g    = g min(1, limit / (norm + 1e-6))
/// ```
public final class GradientClip {

    private static final double EPSILON = 1e-6;

    private GradientClip() {}

    /// Scales all gradients down together where their norm exceeds `limit` (zero: never); returns the norm
    /// before.
    public static double byGlobalNorm(Collection<NDArray> parameters, double limit) {
        try (GradMode _ = GradMode.off()) {
            double squares = 0;
            for (NDArray parameter : parameters) {
                squares += squaredNorm(parameter);
            }
            double norm = Math.sqrt(squares);
            double scale = limit / (norm + EPSILON);
            if (limit > 0 && scale < 1) {
                for (NDArray parameter : parameters) {
                    try (NDScope _ = new NDScope()) {
                        NDArray gradient = Tensors.gradient(parameter);
                        if (gradient != null) {
                            Aten.copyInPlace(gradient, gradient.mul(scale));
                        }
                    }
                }
            }
            return norm;
        }
    }

    private static double squaredNorm(NDArray parameter) {
        // a scope of its own: the squares of all gradients together would take as much memory as the gradients
        try (NDScope _ = new NDScope()) {
            NDArray gradient = Tensors.gradient(parameter);
            return gradient == null
                    ? 0
                    : Aten.to(gradient, Dtype.FLOAT32).square().sum().getFloat();
        }
    }
}

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
///
/// The product is made by the optimiser, in the pass it makes over the gradients anyway.
public final class GradientClip {

    private static final double EPSILON = 1e-6;

    /// Elements of a gradient that are in float32 at a time.
    private static final long PIECE = 1 << 25;

    private GradientClip() {}

    /// The norm of all gradients together; it is not finite if one of them is not.
    public static double norm(Collection<NDArray> parameters) {
        try (GradMode _ = GradMode.off();
                NDScope _ = new NDScope()) {
            double squares = 0;
            for (NDArray parameter : parameters) {
                NDArray gradient = Tensors.gradient(parameter);
                squares += gradient == null ? 0 : squaredNorm(gradient);
            }
            return Math.sqrt(squares);
        }
    }

    /// What gradients of norm `norm` are multiplied by to be within `limit` (zero: no limit).
    public static double factor(double norm, double limit) {
        return limit > 0 ? Math.min(1, limit / (norm + EPSILON)) : 1;
    }

    /// Rows are summed in float32, the rows' sums in float64.
    private static double squaredNorm(NDArray gradient) {
        long[] shape = gradient.getShape().getShape();
        long columns = shape[shape.length - 1];
        NDArray rows = gradient.reshape(-1, columns);
        long piece = Math.max(1, PIECE / columns);
        double squares = 0;
        for (long from = 0; from < gradient.size() / columns; from += piece) {
            try (NDScope _ = new NDScope()) {
                long count = Math.min(piece, gradient.size() / columns - from);
                NDArray part = Aten.to(Aten.narrow(rows, 0, from, count), Dtype.FLOAT32);
                for (float norm : part.norm(new int[] {-1}).toFloatArray()) {
                    squares += (double) norm * norm;
                }
            }
        }
        return squares;
    }
}

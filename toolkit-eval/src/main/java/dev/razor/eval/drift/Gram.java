package dev.razor.eval.drift;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;

/// Products of slices over the axis that a weight is cut along.
final class Gram {

    private Gram() {}

    /// `x^T x` of slices along axis 0, `[c, s] -> [s, s]`; `x x^T` along axis 1, `[s, c] -> [s, s]`.
    static NDArray of(NDArray x, int axis) {
        NDArray rows = rows(x, axis);
        return Aten.transpose(rows, 0, 1).matMul(rows);
    }

    /// The slices as rows, `[c, s]`.
    static NDArray rows(NDArray x, int axis) {
        return axis == 0 ? x : Aten.transpose(x, 0, 1);
    }
}

package dev.razor.core.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/// `y = x W^T + b`, with `weight` stored `[out, in]` as PyTorch checkpoints do, and a low-rank update where it
/// has one.
///
/// A row of `y` does not depend on how many others are computed with it. On a CPU libtorch's products sum in
/// another order where a thread has fewer than four rows; so the rows of a small input are filled up with
/// zeros.
public record Linear(
        NDArray weight, @Nullable NDArray bias, @Nullable Lora lora) {

    /// Small inputs have a multiple of so many rows.
    private static final int ROWS = 8;

    /// From here on the threads have enough rows whatever their number.
    private static final int MANY_ROWS = 256;

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
        Shape shape = x.getShape();
        long in = shape.get(shape.dimension() - 1);
        long rows = shape.size() / in;
        long missing = -rows & (ROWS - 1);
        if (missing == 0 || rows >= MANY_ROWS || x.getDevice().isGpu()) {
            return product(x);
        }
        NDArray zeros = Tensors.zeros(x.getManager(), Tensors.dtype(x), missing, in);
        NDArray y = product(NDArrays.concat(new NDList(x.reshape(rows, in), zeros)));
        return Aten.narrow(y, 0, 0, rows)
                .reshape(shape.slice(0, shape.dimension() - 1).add(y.getShape().get(1)));
    }

    private NDArray product(NDArray x) {
        NDArray y = Aten.linear(x, weight, bias);
        return lora == null ? y : y.add(lora.apply(x));
    }
}

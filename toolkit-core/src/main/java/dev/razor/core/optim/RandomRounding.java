package dev.razor.core.optim;

import ai.djl.ndarray.NDArray;
import dev.razor.core.tensor.Aten;
import dev.razor.core.tensor.Dtype;
import dev.razor.core.tensor.Tensors;

/// Rounding to bfloat16, up or down at random, so that the mean of many roundings is the value itself:
///
/// ```
/// bits(y) = (bits(x) + r) & 0xFFFF0000,   r uniform in 0 .. 65535        bits of a float32
/// ```
///
/// A bfloat16 is the upper half of a float32, so `x` goes up with the probability that its lower half states.
final class RandomRounding {

    private static final long LOWER_HALF = 1 << 16;

    private RandomRounding() {}

    /// Rounds `source`, float32, into `target`; `source` holds the rounded values afterwards. The numbers come
    /// from libtorch's generator, which the caller has seeded.
    static void intoBfloat16(NDArray target, NDArray source) {
        NDArray bits = Aten.viewAs(source, Dtype.INT32);
        NDArray noise = Tensors.empty(
                source.getManager(), Dtype.INT32, source.getShape().getShape());
        Aten.randomInPlace(noise, LOWER_HALF);
        bits.addi(noise);
        Aten.bitwiseAndInPlace(bits, source.getManager().create(0xFFFF0000));
        Aten.copyInPlace(target, source);
    }
}
